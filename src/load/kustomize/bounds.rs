//! What the instructions of a root may cost: patches copy the objects that they change, which may grow with every one, and
//! texts are copied into many objects.

use super::build::{Builder, MAX_DEPTH};
use super::limits::{Amounts, BYTES, FEWER, MAX_CLONED_OF_ONE, MAX_COMPARED, MAX_OBJECTS, MOST_DEAD_ENDS, SHORT};
use super::resource::Resource;
use crate::source::Span;

impl Builder<'_> {
    /// Whether a patch, or something else that is done to whole objects, may still change one. What the first one that may
    /// not would change is told there, and nobody knows what becomes of the objects of this one and of those behind it.
    pub(super) fn may_change(&mut self, of: &str, resource: &mut Resource, span: Span) -> bool {
        let was_over = (self.cloned > self.most.cloned, resource.cloned > MAX_CLONED_OF_ONE);
        if was_over == (false, false) {
            let size = resource.edit().map_or(0, |it| it.size());
            self.cloned = self.cloned.saturating_add(size);
            resource.cloned = resource.cloned.saturating_add(size);
        }
        let is_over = (self.cloned > self.most.cloned, resource.cloned > MAX_CLONED_OF_ONE);
        if is_over == (false, false) {
            return true;
        }
        resource.is_open = true;
        if was_over == (false, false) {
            self.tell_copies(of, is_over.1.then(|| resource.title()), span);
        }
        false
    }

    fn tell_copies(&mut self, of: &str, of_one: Option<String>, span: Span) {
        let millions = |values: usize| values / 1_000_000;
        let is_of_run = self.most.cloned < Amounts::OF_ROOT.cloned;
        let (copies, help) = match of_one {
            Some(title) => {
                let most = millions(MAX_CLONED_OF_ONE);
                (format!("up to here copy more than {most} million values of {title}"), IN_OBJECT)
            }
            None if is_of_run => {
                (format!("of this run copy more than {} million values", millions(Amounts::OF_RUN.cloned)), FEWER)
            }
            None => (format!("up to here copy more than {} million values", millions(self.most.cloned)), IN_OBJECT),
        };
        let message = format!("{of} {copies}: this one and the rest are not applied");
        self.problem_with_help(message, span, Some(help.to_owned()));
    }

    /// Whether something that names nothing may be compared with so many more objects. The first time that it may not,
    /// that is told.
    pub(super) fn may_compare(&mut self, objects: usize, span: Span) -> bool {
        let was_over = self.compared > MAX_COMPARED;
        self.compared = self.compared.saturating_add(objects);
        let is_over = self.compared > MAX_COMPARED;
        if is_over && !was_over {
            let message = format!(
                "expressions and labels up to here are compared with more than {MAX_COMPARED} objects: these and the rest do nothing"
            );
            self.problem_with_help(message, span, Some("write the names of the objects instead".to_owned()));
        }
        !is_over || objects == 0
    }

    /// Counts what is copied.
    ///
    /// # Errors
    /// What is to be said once that is too much.
    pub(super) fn spend(&mut self, of: &str, weight: usize) -> Result<(), String> {
        self.copies.spend(of, weight)
    }

    /// Counts texts that are put into each of so many objects.
    ///
    /// # Errors
    /// What is to be said once that is too much.
    pub(super) fn spend_text(&mut self, of: &str, bytes: usize, objects: usize) -> Result<(), String> {
        if bytes < SHORT { Ok(()) } else { self.spend(of, (bytes / BYTES).saturating_mul(objects)) }
    }

    /// Whether a kustomization may be entered from where the building is. What kustomize refuses there is told.
    pub(super) fn may_enter(&mut self, other: usize, span: Span) -> bool {
        let folder = |it: usize| self.graph.kustomizations[it].dir;
        if self.path.contains(&other) {
            self.dead_end("this leads back to a kustomization that leads here".to_owned(), span);
            return false;
        }
        // Kustomize makes nothing of what has a circle, and every way through one leads to more of the same.
        if self.dead_ends > 0 && self.entered.contains(&other) {
            return false;
        }
        if self.path.iter().any(|it| folder(*it).starts_with(folder(other))) {
            self.problem("this folder holds the one that leads here, which kustomize takes for a circle", span);
        }
        if self.path.len() >= MAX_DEPTH {
            self.dead_end(format!("more than {MAX_DEPTH} kustomizations in a row"), span);
            return false;
        }
        self.may_grow(span)
    }

    /// Tells of one of the first ways that lead nowhere.
    fn dead_end(&mut self, message: String, span: Span) {
        self.dead_ends += 1;
        if self.dead_ends <= MOST_DEAD_ENDS {
            self.problem(message, span);
        }
    }

    /// Whether the building may go on; the first time that it may not, that is told.
    pub(super) fn may_grow(&mut self, span: Span) -> bool {
        self.count += 1;
        if self.count == self.most.objects + 1 {
            self.tell_objects(span);
        }
        self.count <= self.most.objects
    }

    fn tell_objects(&mut self, span: Span) {
        if self.most.objects == MAX_OBJECTS {
            return self
                .problem(format!("more than {MAX_OBJECTS} objects come together here; the rest is not read"), span);
        }
        let most = Amounts::OF_RUN.objects;
        let message = format!("the kustomizations of this run make more than {most} objects; the rest is not read");
        self.problem_with_help(message, span, Some(FEWER.to_owned()));
    }

    /// What the root has made so far.
    pub(super) fn made(&self) -> Amounts {
        Amounts { objects: self.count, copied: self.copies.spent, cloned: self.cloned }
    }
}

const IN_OBJECT: &str = "put the values into the object itself";
