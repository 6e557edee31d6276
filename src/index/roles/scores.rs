//! Frontend, backend or consumer: weights of what a workload is called, told and reached by.
//!
//! A word in a name or label, or a variable, weighs 3; an argument or image 2; a port or an Ingress path 1.
//! Each kind of evidence counts once a role. 3 are enough, and between frontend and backend a tie goes to
//! the backend. A consumer is one only if no Service selects it; where a queue scales it too, nothing else is
//! asked.

use crate::index::roles::Role;
use crate::index::{Objects, Services, Unclassified, follows_a_queue};
use crate::model::{Container, Object};

const CONSUMER_TOKENS: &[&str] = &["consume", "consumer", "worker", "listener", "subscriber", "sink", "processor"];
const FRONTEND_TOKENS: &[&str] = &["frontend", "web", "ui", "www", "nginx", "next", "spa"];
const BACKEND_TOKENS: &[&str] = &["backend", "api", "server", "service", "gateway"];
/// The least weight that makes a frontend, backend or consumer.
const ENOUGH: u32 = 3;

/// The words of a text, split where it holds no letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|it: char| !it.is_alphabetic()).filter(|it| !it.is_empty()).map(str::to_ascii_lowercase)
}

/// What speaks for a role.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Evidence {
    Name,
    Label,
    ContainerName,
    Variable,
    Argument,
    Image,
    Port,
    Path,
}

impl Evidence {
    fn weight(self) -> u32 {
        match self {
            Evidence::Name | Evidence::Label | Evidence::ContainerName | Evidence::Variable => 3,
            Evidence::Argument | Evidence::Image => 2,
            Evidence::Port | Evidence::Path => 1,
        }
    }
}

/// The evidence for each of frontend, backend and consumer.
#[derive(Default)]
struct Scores([Vec<(Evidence, String)>; 3]);

const FRONTEND: usize = 0;
const BACKEND: usize = 1;
const CONSUMER: usize = 2;
const TOKENS: [&[&str]; 3] = [FRONTEND_TOKENS, BACKEND_TOKENS, CONSUMER_TOKENS];

impl Scores {
    fn add(&mut self, what: usize, evidence: Evidence, reason: impl Into<String>) {
        if !self.0[what].iter().any(|it| it.0 == evidence) {
            self.0[what].push((evidence, reason.into()));
        }
    }

    /// Adds to each role of which the text holds a word.
    fn tokens(&mut self, text: &str, evidence: Evidence, source: &str) {
        let found: Vec<String> = words(text).collect();
        for (what, tokens) in TOKENS.iter().enumerate() {
            if let Some(word) = found.iter().find(|it| tokens.contains(&it.as_str())) {
                self.add(what, evidence, format!("{source} says {word}"));
            }
        }
    }

    fn weight(&self, what: usize) -> u32 {
        self.0[what].iter().map(|it| it.0.weight()).sum()
    }

    fn reasons(&self, what: usize) -> String {
        let reasons: Vec<&str> = self.0[what].iter().map(|it| it.1.as_str()).collect();
        reasons.join(", ")
    }
}

pub(super) fn scored(index: &Services<'_>, workload: &Unclassified<'_>) -> (Role, String) {
    // What a Service or an Ingress reaches answers requests too, whatever else it reads.
    let scaler = index.scalers_of(workload.object).into_iter().find(|it| follows_a_queue(it));
    if let Some(scaler) = scaler.filter(|_| !index.is_exposed(workload)) {
        return (Role::Consumer, format!("ScaledObject {} scales it by a queue", scaler.name()));
    }
    let mut scores = Scores::default();
    let object = workload.object;
    scores.tokens(object.name(), Evidence::Name, "its name");
    for key in ["app", "app.kubernetes.io/name", "app.kubernetes.io/component", "component", "tier"] {
        if let Some(value) = workload.labels.get(key).filter(|it| *it != object.name()) {
            scores.tokens(value, Evidence::Label, "a label");
        }
    }
    for container in workload.containers() {
        score_container(index, container, workload, &mut scores);
    }
    if index.has_ingress_path(workload, |it| matches!(it, "/" | "/*")) {
        scores.add(FRONTEND, Evidence::Path, "the root of an Ingress");
    }
    if index.has_ingress_path(workload, |it| it.starts_with("/api")) {
        scores.add(BACKEND, Evidence::Path, "path /api of an Ingress");
    }
    decide(&scores, index.is_exposed(workload))
}

fn decide(scores: &Scores, serves: bool) -> (Role, String) {
    let [frontend, backend, consumer] = [FRONTEND, BACKEND, CONSUMER].map(|it| scores.weight(it));
    if !serves && consumer >= ENOUGH {
        return (Role::Consumer, scores.reasons(CONSUMER));
    }
    if serves && backend >= ENOUGH && backend >= frontend {
        return (Role::Backend, scores.reasons(BACKEND));
    }
    if serves && frontend >= ENOUGH {
        return (Role::Frontend, scores.reasons(FRONTEND));
    }
    let reason = if serves { "a Service selects it" } else { "no Service selects it, and nothing says what it does" };
    (Role::App, reason.to_owned())
}

fn score_container(index: &Objects<'_>, container: Container<'_>, workload: &Unclassified<'_>, scores: &mut Scores) {
    if container.name() != workload.object.name() {
        scores.tokens(container.name(), Evidence::ContainerName, "a container's name");
    }
    let image = container.image_name();
    if matches!(image, "nginx" | "httpd" | "caddy") {
        scores.add(FRONTEND, Evidence::Image, format!("image {image}"));
    } else {
        scores.tokens(image, Evidence::Image, "the image");
    }
    let arguments: Vec<&str> = container.words().collect();
    for word in arguments.iter().filter(|it| !it.starts_with('-')) {
        match *word {
            "serve" | "server" | "api" | "http" => scores.add(BACKEND, Evidence::Argument, format!("argument {word}")),
            word if CONSUMER_TOKENS.contains(&word) => {
                scores.add(CONSUMER, Evidence::Argument, format!("argument {word}"));
            }
            _ => {}
        }
    }
    for (_, port) in container.ports() {
        match port {
            Some(port @ (80 | 3000 | 4200)) => scores.add(FRONTEND, Evidence::Port, format!("port {port}")),
            Some(port @ (8000 | 8080 | 8443 | 9000)) => scores.add(BACKEND, Evidence::Port, format!("port {port}")),
            _ => {}
        }
    }
    score_variables(index, workload.object, container, &arguments, scores);
}

fn score_variables(
    index: &Objects<'_>,
    from: &Object,
    container: Container<'_>,
    arguments: &[&str],
    scores: &mut Scores,
) {
    let is_public = |it: &str| ["NEXT_PUBLIC_", "VITE_", "REACT_APP_"].iter().any(|prefix| it.starts_with(prefix));
    let names = index.env_names(from, container);
    let has = |fits: &dyn Fn(&str) -> bool| names.iter().any(|it| fits(it));
    if has(&is_public) {
        scores.add(FRONTEND, Evidence::Variable, "variables of a web build");
    }
    if has(&is_client_variable) {
        scores.add(BACKEND, Evidence::Variable, "variables of a client of a database or of Kafka");
    }
    let says = |names: [&str; 2]| arguments.iter().any(|it| names.iter().any(|name| it.contains(name)));
    let group =
        says(["--group-id", "--consumer-group"]) || has(&|it| it.contains("GROUP_ID") || it.contains("CONSUMER_GROUP"));
    let brokers = says(["--brokers", "--bootstrap-server"])
        || has(&|it| it.contains("BROKERS") || it.contains("BOOTSTRAP_SERVERS"));
    if group && brokers {
        scores.add(CONSUMER, Evidence::Variable, "a consumer group and brokers");
    }
}

/// Whether a variable tells a program where its database or its brokers are.
fn is_client_variable(name: &str) -> bool {
    let parts =
        ["DATABASE_URL", "DATASOURCE_URL", "JDBC_URL", "DB_HOST", "DB_URL", "BOOTSTRAP_SERVERS", "KAFKA_BROKERS"];
    let prefixes = ["POSTGRES_", "POSTGRESQL_", "PGHOST", "MYSQL_", "MONGO_", "MONGODB_"];
    parts.iter().any(|it| name.contains(it))
        || prefixes.iter().any(|it| name.starts_with(it))
        || name == "DATABASE_HOST"
        || name.ends_with("_DSN") && name != "SENTRY_DSN"
}
