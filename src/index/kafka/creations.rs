//! Topics that programs create with numbers of their own: `kafka-topics --create`, and options and variables of
//! programs that do the same.

use crate::index::objects::commands::{Command, Orders, Told, Word, is_open_value, may_mention};
use crate::index::{Index, Roles};
use crate::model::{Object, shell, whole_number};

/// A program that creates topics, or may.
#[derive(Clone, Debug)]
pub struct Creation<'a> {
    /// The object that runs it.
    pub by: &'a Object,
    /// The topics that it names; those filled in later are left out.
    pub topics: Vec<&'a str>,
    /// The partitions that it gives them.
    pub partitions: Option<Told<'a>>,
    /// The copies that it gives them.
    pub copies: Option<Told<'a>>,
}

/// Words in the names of what replicates, too, and is no Kafka.
const OTHERS: &[&str] = &["cassandra", "scylla", "ingester", "distributor", "ring", "shard", "mongo", "minio"];

impl<'a> Roles<'a> {
    pub(in crate::index) fn read_creations(&self) -> Vec<Creation<'a>> {
        let mut found = Vec::new();
        let words = ["eplication", "EPLICATION", "topic"];
        for workload in self.workloads().iter().filter(|it| may_mention(it.object, &words)) {
            // A broker's own variables are the defaults of topics, not topics.
            let is_broker = workload.role.is_kafka();
            for orders in self.orders_of(workload.object) {
                of_commands(workload.object, &orders, &mut found);
                if !is_broker {
                    of_program(workload.object, &orders, &mut found);
                }
            }
        }
        found
    }
}

impl<'a> Index<'a> {
    /// What creates topics, in order.
    pub fn kafka_creations(&self) -> &[Creation<'a>] {
        &self.kafka_creations
    }
}

/// `kafka-topics --create`, and Redpanda's `rpk topic create`.
fn of_commands<'a>(by: &'a Object, orders: &Orders<'a>, found: &mut Vec<Creation<'a>>) {
    for command in orders.commands() {
        let has = |text: &str| command.words.iter().any(|it| it.text == text);
        if command.words.iter().any(|it| is_kafka_topics(it.text)) && has("--create") {
            let topics = command.options().filter(|it| it.name == "topic").flat_map(|it| names(it.value)).collect();
            let copies = command.option("replication-factor");
            found.push(Creation { by, topics, partitions: command.option("partitions"), copies });
        } else if command.program() == "rpk" && has("topic") && has("create") {
            let option = |short: &str, long: &str| command.option(short).or_else(|| command.option(long));
            let (partitions, copies) = (option("p", "partitions"), option("r", "replicas"));
            found.push(Creation { by, topics: rpk_topics(command), partitions, copies });
        }
    }
}

/// The words behind `create` that are no options.
fn rpk_topics<'a>(command: &Command<'a>) -> Vec<&'a str> {
    let behind = command.words.iter().skip_while(|it| it.text != "create").skip(1).map(|it| it.text);
    behind.take_while(|it| !it.starts_with('-')).filter(|it| !is_open_value(it)).collect()
}

/// A program with an option or variable for the copies of topics.
fn of_program<'a>(by: &'a Object, orders: &Orders<'a>, found: &mut Vec<Creation<'a>>) {
    if orders.main.words.iter().any(|it| is_kafka_topics(it.text)) {
        return;
    }
    let options: Vec<Told<'a>> = orders.main.options().collect();
    let knows_brokers = options.iter().chain(&orders.variables).any(|it| is_brokers(&it.name));
    let is_copies = |it: &Told<'a>| {
        let about_kafka = it.name.contains("kafka") || it.name.contains("topic") || it.name.starts_with("connect-");
        it.name.ends_with("replication-factor")
            && !it.name.split('-').any(|word| OTHERS.contains(&word))
            && (knows_brokers || about_kafka)
    };
    let topics: Vec<&str> = options
        .iter()
        .filter(|it| matches!(it.name.as_str(), "topic" | "topics" | "kafka-topic" | "kafka-topics"))
        .flat_map(|it| names(it.value))
        .collect();
    let partitions = options.iter().find(|it| it.name == "partitions" || it.name == "num-partitions");
    let mut is_first = true;
    for copies in options.iter().chain(&orders.variables).filter(|it| is_copies(it)) {
        // The topics are those of the first one; further ones are for topics that are named elsewhere.
        let topics = if is_first && !copies.is_variable { topics.clone() } else { Vec::new() };
        found.push(Creation { by, topics, partitions: partitions.cloned(), copies: Some(copies.clone()) });
        is_first = false;
    }
}

/// The names in a list of topics that can be read.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ' ', ';']).filter(|it| !it.is_empty() && !is_open_value(it))
}

fn is_kafka_topics(word: &str) -> bool {
    shell::program(word) == "kafka-topics"
}

/// Whether an option or variable, its words joined by dashes, tells where brokers are.
pub(super) fn is_brokers(name: &str) -> bool {
    let is_bootstrap = name.contains("bootstrap") && (name.contains("server") || name.contains("kafka"));
    is_bootstrap || name == "bootstrap" || name == "brokers" || name == "broker-list" || {
        name.contains("kafka") && name.contains("broker")
    }
}

/// The number that a setting gives; `None` if it is a template placeholder.
pub fn number_of(told: &Told<'_>) -> Option<i64> {
    whole_number(told.value)
}

impl<'a> Creation<'a> {
    /// Where the partitions are written, if their number can be read.
    pub fn partitions(&self) -> Option<(i64, Word<'a>)> {
        let told = self.partitions.as_ref()?;
        Some((number_of(told)?, told.word))
    }
}
