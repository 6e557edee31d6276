//! How large the heap of a Java program may grow, by the options that it is started with.
//!
//! Sources: docs.oracle.com `javase/21/docs/specs/man/java.html` (`-Xmx`, `MaxRAMPercentage`, `JDK_JAVA_OPTIONS`);
//! openjdk/jdk `src/hotspot/share/runtime/arguments.cpp` (`JAVA_TOOL_OPTIONS` come before the command line,
//! `_JAVA_OPTIONS` after it, and the last of an option wins); Strimzi `KafkaPool.java` (options and resources of a pool
//! stand in place of those of the cluster).

use super::commands::{Orders, Word, may_mention};
use super::{Budgets, KafkaCluster, kafka};
use crate::model::{Object, Place, Quantity};
use crate::yaml::NodeRef;

/// The heap of one container's Java program, beside the memory that the container may use.
#[derive(Clone, Debug)]
pub struct JavaHeap<'a> {
    /// The object that describes it.
    pub object: &'a Object,
    /// The option as written.
    pub option: String,
    /// Where.
    pub place: Place,
    /// How large the heap may grow: bytes, or a share of the limit in percent.
    pub size: HeapSize,
    /// The limit of the container's memory.
    pub limit: NodeRef<'a>,
}

/// How large a heap may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeapSize {
    /// So many bytes.
    Bytes(u64),
    /// So many percent of the memory that the container may use.
    Percent(u64),
}

/// Options that set a heap in bytes.
const SIZES: &[&str] = &["-Xmx", "-XX:MaxHeapSize="];
/// The option that sets it as a share.
const SHARE: &str = "-XX:MaxRAMPercentage=";
/// Where Strimzi's resources describe programs that run on Java; nodes of Kafka are others.
const STRIMZI: &[(&str, &[&str])] = &[
    ("Kafka", &["spec", "zookeeper"]),
    ("Kafka", &["spec", "entityOperator", "topicOperator"]),
    ("Kafka", &["spec", "entityOperator", "userOperator"]),
    ("Kafka", &["spec", "cruiseControl"]),
    ("KafkaConnect", &["spec"]),
    ("KafkaMirrorMaker2", &["spec"]),
    ("KafkaBridge", &["spec"]),
];

impl<'a> Budgets<'a> {
    /// The heaps of Java programs in containers whose memory is limited, in order.
    pub fn java_heaps(&self) -> Vec<JavaHeap<'a>> {
        let mut heaps = Vec::new();
        for workload in self.workloads() {
            let object = workload.object;
            if may_mention(object, &["Xmx", "MaxHeapSize", "MaxRAMPercentage"]) {
                heaps.extend(self.orders_of(object).iter().filter_map(|it| of_container(object, it)));
            }
        }
        for cluster in self.kafka_clusters() {
            heaps.extend(of_kafka(cluster));
        }
        for (kind, keys) in STRIMZI {
            for object in self.of_kind(kafka::STRIMZI, kind) {
                let program = object.node().at(keys);
                heaps.extend(
                    program.and_then(|it| of_strimzi((object, it.at(&["jvmOptions"])?), it.at(&["resources"])?)),
                );
            }
        }
        heaps
    }
}

/// The nodes of a cluster. What a pool writes stands in place of what the cluster does.
fn of_kafka<'a>(cluster: &KafkaCluster<'a>) -> Vec<JavaHeap<'a>> {
    let of_cluster = |key: &str| Some((cluster.object, cluster.object.node().at(&["spec", "kafka", key])?));
    if !cluster.uses_pools {
        let both = of_cluster("jvmOptions").zip(of_cluster("resources"));
        return both.and_then(|(options, (_, resources))| of_strimzi(options, resources)).into_iter().collect();
    }
    let pools = cluster.pools.iter().filter_map(|pool| {
        let own = |key: &str| Some((pool.object, pool.object.node().at(&["spec", key])?));
        let options = own("jvmOptions").or_else(|| of_cluster("jvmOptions"))?;
        let (_, resources) = own("resources").or_else(|| of_cluster("resources"))?;
        of_strimzi(options, resources)
    });
    pools.collect()
}

/// What Strimzi starts with these options and resources.
fn of_strimzi<'a>((object, options): (&'a Object, NodeRef<'a>), resources: NodeRef<'a>) -> Option<JavaHeap<'a>> {
    let limit = resources.at(&["limits", "memory"])?;
    if let Some(size) = options.get("-Xmx") {
        let place = object.place_in(options, &["-Xmx"]);
        let (option, size) = (format!("-Xmx{}", size.text()), HeapSize::Bytes(bytes(size.text())?));
        return Some(JavaHeap { object, option, place, size, limit });
    }
    let keys = &["-XX", "MaxRAMPercentage"];
    let share = options.at(keys)?.text();
    let place = object.place_in(options, keys);
    Some(JavaHeap { object, option: format!("{SHARE}{share}"), place, size: HeapSize::Percent(percent(share)?), limit })
}

fn of_container<'a>(object: &'a Object, orders: &Orders<'a>) -> Option<JavaHeap<'a>> {
    let limit = orders.container.node().at(&["resources", "limits", "memory"])?;
    let variables = orders.variables.iter().filter_map(|it| Some((rank(&it.name)?, it.word)));
    let words = orders.main.words.iter().map(|it| (Rank::CommandLine, *it));
    let mut told: Vec<(Rank, Word<'a>)> = variables.chain(words).collect();
    told.sort_by_key(|it| it.0);
    let options: Vec<(Word<'a>, &'a str)> =
        told.iter().flat_map(|(_, word)| tokens(word.text).map(|it| (*word, it))).collect();
    let value = |option: &'a str, prefixes: &[&str]| prefixes.iter().find_map(|it| option.strip_prefix(it));
    // The last one wins, and a size over a share.
    let last = |prefixes: &[&str]| options.iter().rev().find_map(|(word, it)| Some((*word, *it, value(it, prefixes)?)));
    let (word, option, size) = if let Some((word, option, size)) = last(SIZES) {
        (word, option, HeapSize::Bytes(bytes(size)?))
    } else {
        let (word, option, share) = last(&[SHARE])?;
        (word, option, HeapSize::Percent(percent(share)?))
    };
    Some(JavaHeap { object, option: option.to_owned(), place: word.part(option).place(), size, limit })
}

/// Options come from several places, of which later ones stand over earlier ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    ToolOptions,
    LauncherOptions,
    ScriptOptions,
    CommandLine,
    LastWord,
}

/// The rank of a variable; `None` if it holds no options of Java.
fn rank(name: &str) -> Option<Rank> {
    let is_for_scripts = || {
        let ends = ["java-opts", "java-options", "java-args", "jvm-opts", "jvm-options", "jvm-args", "heap-opts"];
        ends.iter().any(|it| name.ends_with(it)) || name == "catalina-opts"
    };
    match name {
        "java-tool-options" => Some(Rank::ToolOptions),
        "jdk-java-options" => Some(Rank::LauncherOptions),
        "-java-options" => Some(Rank::LastWord),
        _ => is_for_scripts().then_some(Rank::ScriptOptions),
    }
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| it.is_whitespace() || it == '"' || it == '\'').filter(|it| it.starts_with('-'))
}

/// A size as Java has it: the letters stand for powers of 1024.
fn bytes(text: &str) -> Option<u64> {
    let suffix = match text.bytes().last()? {
        b'k' | b'K' => "Ki",
        b'm' | b'M' => "Mi",
        b'g' | b'G' => "Gi",
        b't' | b'T' => "Ti",
        b'0'..=b'9' => return text.parse().ok(),
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    digits.bytes().all(|it| it.is_ascii_digit()).then(|| Quantity::parse(&format!("{digits}{suffix}")))??.units()
}

/// A share in whole percent.
fn percent(text: &str) -> Option<u64> {
    let whole = text.split('.').next()?;
    whole.parse().ok().filter(|it| *it <= 100)
}

#[cfg(test)]
mod tests {
    use super::{bytes, percent};

    #[test]
    fn sizes_are_those_of_java() {
        for (text, size) in
            [("512m", 512 << 20), ("2g", 2 << 30), ("2G", 2 << 30), ("1048576", 1 << 20), ("64k", 65536)]
        {
            assert_eq!(bytes(text), Some(size), "{text}");
        }
        for text in ["", "m", "1.5g", "${HEAP}", "-1", "99999999999999999999g"] {
            assert_eq!(bytes(text), None, "{text}");
        }
        assert_eq!((percent("75.0"), percent("90"), percent("101"), percent("x")), (Some(75), Some(90), None, None));
    }
}
