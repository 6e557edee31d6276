//! A probe of a container: what it asks, and how long it takes to notice.

use super::Container;
use crate::yaml::NodeRef;

/// The fields that say how a probe asks; it has exactly one.
pub const PROBE_HANDLERS: [&str; 4] = ["exec", "httpGet", "tcpSocket", "grpc"];

/// A probe.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'a> {
    container: Container<'a>,
    node: NodeRef<'a>,
}

/// What a probe asks. Two probes with equal targets ask the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeTarget<'a> {
    /// A command in the container.
    Command(Vec<&'a str>),
    /// A page: scheme, host, port and path.
    Page(&'a str, &'a str, ProbePort<'a>, &'a str),
    /// That a connection can be made.
    Connection(&'a str, ProbePort<'a>),
    /// gRPC's health service: port and the service that is asked about.
    Health(ProbePort<'a>, &'a str),
}

/// A port: the number behind a name, where the container declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbePort<'a> {
    /// A number.
    Number(i64),
    /// A name that the container does not declare, or a text that is a template placeholder.
    Text(&'a str),
}

impl<'a> Probe<'a> {
    /// The probe of a container under this key, as in `livenessProbe`.
    pub fn of(container: Container<'a>, key: &str) -> Option<Probe<'a>> {
        let node = container.node().at(&[key]).filter(|it| it.is_map())?;
        Some(Probe { container, node })
    }

    /// A number; the API server makes the default of an absent one, and of 0. `None` if it is a template placeholder.
    fn number(self, key: &str, default: i64) -> Option<i64> {
        let written = self.node.at(&[key]).map_or(Some(0), NodeRef::as_int)?;
        Some(if written == 0 { default } else { written })
    }

    /// Seconds between two questions.
    pub fn period(self) -> Option<i64> {
        self.number("periodSeconds", 10)
    }

    /// Seconds after which a question counts as failed.
    pub fn timeout(self) -> Option<i64> {
        self.number("timeoutSeconds", 1)
    }

    /// So many failures in a row count.
    pub fn failures(self) -> Option<i64> {
        self.number("failureThreshold", 3)
    }

    /// Seconds before the first question.
    pub fn delay(self) -> Option<i64> {
        self.number("initialDelaySeconds", 0)
    }

    /// Seconds in which that many questions are asked.
    pub fn patience(self) -> Option<i64> {
        self.period()?.checked_mul(self.failures()?)
    }

    /// The words of its command; none if it runs none.
    pub fn command(self) -> Vec<&'a str> {
        self.node.items_at(&["exec", "command"]).map(NodeRef::text).collect()
    }

    /// What it asks, if that is written.
    pub fn target(self) -> Option<ProbeTarget<'a>> {
        let command = self.command();
        if !command.is_empty() {
            return Some(ProbeTarget::Command(command));
        }
        let text = |node: NodeRef<'a>, key: &str, default: &'a str| {
            node.at(&[key]).map(NodeRef::text).filter(|it| !it.is_empty()).unwrap_or(default)
        };
        if let Some(get) = self.node.at(&["httpGet"]) {
            let path = text(get, "path", "/");
            return Some(ProbeTarget::Page(text(get, "scheme", "HTTP"), text(get, "host", ""), self.port(get)?, path));
        }
        if let Some(socket) = self.node.at(&["tcpSocket"]) {
            return Some(ProbeTarget::Connection(text(socket, "host", ""), self.port(socket)?));
        }
        let grpc = self.node.at(&["grpc"])?;
        Some(ProbeTarget::Health(self.port(grpc)?, text(grpc, "service", "")))
    }

    fn port(self, handler: NodeRef<'a>) -> Option<ProbePort<'a>> {
        let port = handler.at(&["port"])?;
        if let Some(number) = port.as_int() {
            return Some(ProbePort::Number(number));
        }
        let name = port.text();
        let declared = self.container.ports().find(|it| it.0 == Some(name)).and_then(|it| it.1);
        Some(declared.map_or(ProbePort::Text(name), ProbePort::Number))
    }
}
