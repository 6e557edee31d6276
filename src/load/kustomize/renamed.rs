//! Objects that have had other names, found by those names and by what may mean them, without looking at all.

use super::fields::Field;
use super::id::{Id, NOWHERE};
use super::resource::Resource;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// More objects of one name than these are not looked at one by one.
const FEW: usize = 8;

/// An object that has had other names.
pub(super) struct Renamed {
    pub(super) id: Id,
    /// Whether it has no namespace.
    is_wide: bool,
    origin: Id,
    past: Vec<Id>,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
}

/// The object whose references are followed.
pub(super) struct Referrer {
    id: Id,
    is_wide: bool,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    /// The namespaces of the accounts that it binds.
    pub(super) bound: BTreeSet<String>,
    /// Group and kind of the role that it binds.
    pub(super) role: Option<(String, String)>,
}

/// What is meant by a name.
pub(super) struct Meant<'m> {
    pub(super) name: &'m str,
    pub(super) namespace: Option<&'m str>,
    /// The type that it has to have had.
    pub(super) wanted: &'m Field,
    /// The type that it has to have had, too, where a binding tells that of its role.
    pub(super) role: Option<&'m Field>,
}

/// Objects that have had other names.
pub(super) struct Renamings {
    all: Vec<Renamed>,
    by_name: HashMap<String, Namesakes>,
    /// By the namespace that objects began in: those that they are in now, and whether some are in none.
    places: OnceCell<HashMap<String, (BTreeSet<Option<String>>, bool)>>,
}

/// Objects that had one name, by their positions.
#[derive(Default)]
struct Namesakes {
    all: Vec<usize>,
    split: OnceCell<Split>,
}

/// The same by kind, by kind and namespace, and by kind and the namespace that they began in.
#[derive(Default)]
struct Split {
    kinds: HashMap<String, Affixed>,
    places: HashMap<(String, String), Affixed>,
    origins: HashMap<(String, String), Affixed>,
}

/// Objects by the prefix and the suffix that they got last.
#[derive(Default)]
struct Affixed(BTreeMap<Option<String>, BTreeMap<Option<String>, Vec<usize>>>);

impl Renamings {
    pub(super) fn of(resources: &[Resource]) -> Renamings {
        let mut renamings = Renamings { all: Vec::new(), by_name: HashMap::new(), places: OnceCell::new() };
        for resource in resources.iter().filter(|it| !it.past.is_empty()) {
            let mut past: Vec<Id> = resource.ids().collect();
            past.pop();
            let at = renamings.all.len();
            let own: BTreeSet<&String> = past.iter().map(|it| &it.name).collect();
            for name in own {
                renamings.by_name.entry(name.clone()).or_default().all.push(at);
            }
            renamings.all.push(Renamed {
                is_wide: resource.id.is_cluster_wide(),
                id: resource.id.clone(),
                origin: resource.origin(),
                past,
                prefixes: resource.prefixes.clone(),
                suffixes: resource.suffixes.clone(),
            });
        }
        renamings
    }

    /// The objects that a name may mean: those that had it, of the right type, in reach of what refers to it. There is one
    /// at most unless the name is ambiguous.
    pub(super) fn meant(&self, meant: &Meant<'_>, from: &Referrer) -> Vec<&Renamed> {
        let Some(namesakes) = self.by_name.get(meant.name) else { return Vec::new() };
        let was_there = meant.namespace.is_some_and(|it| self.was_in(it, from));
        let is_in = |it: &Renamed| match meant.namespace {
            Some(namespace) if was_there => it.origin.place() == namespace,
            Some(namespace) => it.id.place() == namespace,
            None => true,
        };
        let fits = |it: &&Renamed| from.reaches(it) && is_in(it) && meant.is_of(it) && from.is_near(it);
        let split;
        let groups: Vec<&Affixed> = if namesakes.all.len() > FEW && !meant.wanted.kind.is_empty() {
            split = namesakes.split.get_or_init(|| self.split(&namesakes.all));
            split.in_reach(meant, was_there, from)
        } else {
            let found: Vec<&Renamed> = namesakes.all.iter().map(|it| &self.all[*it]).filter(fits).collect();
            return if found.len() > 1 { from.alike(found) } else { found };
        };
        let like: BTreeSet<usize> = groups.iter().flat_map(|it| it.like(from)).collect();
        let like = like.into_iter().map(|it| &self.all[it]).filter(|it| from.has_affixes_of(it, true));
        let found: Vec<&Renamed> = like.filter(fits).collect();
        let found = if found.len() > 1 { from.alike(found) } else { found };
        if !found.is_empty() {
            return found;
        }
        // What got other prefixes and suffixes is meant where it is the only one.
        let mut others = groups.iter().flat_map(|it| it.all()).filter(|it| fits(&&self.all[*it]));
        let first = others.next();
        first.filter(|first| others.all(|it| it == *first)).map(|it| &self.all[it]).into_iter().collect()
    }

    /// Whether an object that began in a namespace is in reach.
    fn was_in(&self, namespace: &str, from: &Referrer) -> bool {
        let places = self.places.get_or_init(|| {
            let mut places: HashMap<String, (BTreeSet<Option<String>>, bool)> = HashMap::new();
            for it in &self.all {
                let (places, has_wide) = places.entry(it.origin.place().to_owned()).or_default();
                places.insert(it.id.namespace.clone());
                *has_wide |= it.is_wide;
            }
            places
        });
        let Some((places, has_wide)) = places.get(namespace) else { return false };
        let own = from.place();
        let is_beside = || places.contains(&Some(own.to_owned())) || (own == "default" && places.contains(&None));
        let is_bound = || {
            if places.len() < from.bound.len() {
                return places.iter().any(|it| from.bound.contains(it.as_deref().unwrap_or_default()));
            }
            let is_there =
                |it: &String| places.contains(&Some(it.clone())) || (it.is_empty() && places.contains(&None));
            from.bound.iter().any(is_there)
        };
        from.is_wide || *has_wide || is_beside() || is_bound()
    }

    fn split(&self, all: &[usize]) -> Split {
        let mut split = Split::default();
        for (at, it) in all.iter().map(|at| (*at, &self.all[*at])) {
            let kinds: BTreeSet<&String> = it.past.iter().map(|it| &it.kind).collect();
            for kind in kinds {
                let in_place = |place: &str| (kind.clone(), place.to_owned());
                split.kinds.entry(kind.clone()).or_default().add(at, it);
                split.places.entry(in_place(it.id.place())).or_default().add(at, it);
                split.origins.entry(in_place(it.origin.place())).or_default().add(at, it);
            }
        }
        split
    }
}

impl Meant<'_> {
    /// Whether an object was of the right type.
    fn is_of(&self, it: &Renamed) -> bool {
        [Some(self.wanted), self.role].into_iter().flatten().all(|wanted| it.past.iter().any(|id| wanted.is_of(id)))
    }
}

impl Split {
    /// Those that may be in reach, and in the namespace that is told, if one is.
    fn in_reach(&self, meant: &Meant<'_>, was_there: bool, from: &Referrer) -> Vec<&Affixed> {
        let kind = &meant.wanted.kind;
        let in_place = |place: &str| (kind.clone(), place.to_owned());
        if let Some(namespace) = meant.namespace {
            let places = if was_there { &self.origins } else { &self.places };
            return places.get(&in_place(namespace)).into_iter().collect();
        }
        if from.is_wide || from.bound.len() > self.places.len() {
            return self.kinds.get(kind).into_iter().collect();
        }
        let bound = from.bound.iter().map(|it| if it.is_empty() { "default" } else { it });
        let places: BTreeSet<&str> = [NOWHERE, from.place()].into_iter().chain(bound).collect();
        places.into_iter().filter_map(|it| self.places.get(&in_place(it))).collect()
    }
}

impl Affixed {
    fn add(&mut self, at: usize, it: &Renamed) {
        let with_prefix = self.0.entry(it.prefixes.last().cloned()).or_default();
        with_prefix.entry(it.suffixes.last().cloned()).or_default().push(at);
    }

    fn all(&self) -> impl Iterator<Item = usize> {
        self.0.values().flat_map(BTreeMap::values).flatten().copied()
    }

    /// Those that got the same prefix and suffix last as an object, unless one of the two has none.
    fn like(&self, from: &Referrer) -> Vec<usize> {
        let suffixes = with(&self.0, from.prefixes.last()).into_iter();
        suffixes.flat_map(|it| with(it, from.suffixes.last())).flatten().copied().collect()
    }
}

/// What a map has for one key and for none; without a key, all.
fn with<'m, T>(map: &'m BTreeMap<Option<String>, T>, key: Option<&String>) -> Vec<&'m T> {
    match key {
        None => map.values().collect(),
        Some(key) => [map.get(&Some(key.clone())), map.get(&None)].into_iter().flatten().collect(),
    }
}

impl Referrer {
    pub(super) fn of(resource: &Resource) -> Referrer {
        Referrer {
            is_wide: resource.id.is_cluster_wide(),
            id: resource.id.clone(),
            prefixes: resource.prefixes.clone(),
            suffixes: resource.suffixes.clone(),
            bound: BTreeSet::new(),
            role: None,
        }
    }

    /// The namespace that it is in where it has one.
    fn place(&self) -> &str {
        self.id.namespace.as_deref().unwrap_or("default")
    }

    /// Whether it can refer to this object at all.
    fn reaches(&self, other: &Renamed) -> bool {
        self.is_wide
            || other.is_wide
            || self.is_beside(other)
            || self.bound.contains(other.id.namespace.as_deref().unwrap_or_default())
    }

    /// Whether it is in its namespace, or in none.
    fn is_near(&self, other: &Renamed) -> bool {
        self.is_wide || other.is_wide || other.id.kind == "ServiceAccount" || self.is_beside(other)
    }

    /// Whether both, which have a namespace, are in the same.
    fn is_beside(&self, other: &Renamed) -> bool {
        self.place() == other.id.namespace.as_deref().unwrap_or("default")
    }

    /// Those of several that got the same prefixes and suffixes last; if that does not tell them apart, those that lack none.
    fn alike<'n>(&self, mut all: Vec<&'n Renamed>) -> Vec<&'n Renamed> {
        all.retain(|it| self.has_affixes_of(it, true));
        if all.len() > 1 {
            all.retain(|it| self.has_affixes_of(it, false));
        }
        all
    }

    /// Whether both got the same prefixes and suffixes last.
    fn has_affixes_of(&self, other: &Renamed, may_lack: bool) -> bool {
        let fits = |one: &[String], other: &[String]| {
            (may_lack && (one.is_empty() || other.is_empty())) || ends_alike(one, other)
        };
        fits(&self.prefixes, &other.prefixes) && fits(&self.suffixes, &other.suffixes)
    }
}

fn ends_alike(one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if short.is_empty() { long.is_empty() } else { long.ends_with(short) }
}
