//! The arguments of `edms-lint drill`.

use super::shared_args::{Output, ReadArguments, parse_output};
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(super) struct DrillArguments {
    #[command(flatten)]
    pub(super) read: ReadArguments,

    /// The scale at which workloads are judged
    #[arg(long, value_enum, default_value_t = At::Least, help_heading = "Scenario")]
    pub(super) at: At,
    /// Shows this loss alone: node, zone, or a label of the nodes, whose values are then lost in place of zones
    #[arg(long, value_name = "node|zone|KEY", help_heading = "Scenario")]
    pub(super) lose: Option<String>,
    /// Where the pods are: as bad as the manifests allow, or where a dump of a cluster shows them
    #[arg(long, value_enum, default_value_t = PlacementArgument::Worst, help_heading = "Scenario")]
    pub(super) placement: PlacementArgument,
    /// Nodes that take pods, instead of what the manifests and the configuration say
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = "Scenario")]
    pub(super) nodes: Option<u32>,
    /// Zones that they are in
    #[arg(long, value_name = "Z", value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = "Scenario")]
    pub(super) zones: Option<u32>,

    /// Exits with 1 where one of these fails or never ends for a workload that serves or consumes, a database or a broker
    #[arg(long, value_enum, value_name = "SCENARIO", value_delimiter = ',', help_heading = "Exit code")]
    pub(super) require: Vec<Required>,
    /// Exits with 1 also where a required one may fail, or is not known
    #[arg(long, help_heading = "Exit code")]
    pub(super) strict: bool,
    /// Exits with 2 where no document is checked
    #[arg(long, help_heading = "Exit code")]
    pub(super) fail_on_empty: bool,

    /// The format on stdout
    #[arg(long, short, value_enum, default_value_t = DrillFormat::Text, help_heading = "Output")]
    pub(super) format: DrillFormat,
    /// Writes a further report to a file; may be repeated
    #[arg(long, short, value_name = "FORMAT=FILE", value_parser = parse_output::<DrillFormat>, help_heading = "Output")]
    pub(super) output: Vec<Output<DrillFormat>>,
    /// Shows the proof of each verdict, with its numbers and places
    #[arg(long, short, help_heading = "Output")]
    pub(super) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum At {
    /// The least that an autoscaler goes to
    Least,
    /// The most
    Most,
    /// What `replicas` says
    Written,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PlacementArgument {
    /// As bad as the hard constraints allow
    Worst,
    /// As a dump of a cluster shows it
    Actual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Required {
    /// A node is lost
    Node,
    /// A zone is lost
    Zone,
    /// Every node is drained in turn
    Drain,
    /// Everything is rolled out
    Roll,
    /// A node is lost right after a scale-down
    ScaleDown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DrillFormat {
    /// For a terminal or a log
    Text,
    /// For a pull request or a job's summary
    Markdown,
    /// One page that stands alone, with a picture
    Html,
    /// Everything, for programs; the schema is schemas/drill-v1.json
    Json,
}
