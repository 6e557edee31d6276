//! The arguments, as the program's contract has them.

pub(super) use super::shared_args::{Output, ReadArguments};

use super::drill_args::DrillArguments;
use super::shared_args::{ProfileArgument, parse_output};
use crate::config::Level;
use crate::finding::Severity;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Audits Kubernetes manifests for high availability, offline
#[derive(Debug, Parser)]
#[command(version, about, long_about = None, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage, configuration, input or \
                        output error")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) lint: LintArguments,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Shows rules' pages, or that of drills
    Explain {
        /// The rules' ids, as in pdb-blocks-drain, or `drill`
        #[arg(value_name = "RULE", required = true)]
        rules: Vec<String>,
    },
    /// Says how ready the system is: the guideline, sentence by sentence
    Report(ReportArguments),
    /// Says what still runs when a node or a zone is lost, and whether drains and rollouts end
    Drill(DrillArguments),
    /// Lists the rules, or those that fit
    Rules(RulesArguments),
    /// Reads the names of a cluster's resources on stdin (kubectl api-resources --verbs=list -o name) and prints the
    /// shell line that dumps what rules read of them
    #[command(name = "dump-command")]
    Dump(DumpArguments),
    /// Looks at the manifests here and writes a commented .edms-lint.yaml that fits them
    Init {
        /// The folder
        #[arg(value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
    /// Prints the JSON Schema of .edms-lint.yaml, for editors
    Schema,
    /// Prints completions for a shell
    Completions {
        /// Which
        shell: clap_complete::Shell,
    },
    /// Prints the manual page, or writes those of all commands into a folder
    Man {
        /// The folder
        #[arg(value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(super) struct RulesArguments {
    /// Lists only rules that speak of all of these, in their ids, titles and pages
    #[arg(value_name = "WORD")]
    pub(super) words: Vec<String>,
    /// Lists only rules of this component; may be repeated
    #[arg(long, short, value_name = "COMPONENT", value_delimiter = ',')]
    pub(super) component: Vec<String>,
    /// Lists only rules of this level; may be repeated
    #[arg(long, short, value_enum, value_name = "LEVEL", value_delimiter = ',')]
    pub(super) level: Vec<LevelArgument>,
    /// Whose levels
    #[arg(long, value_enum, default_value_t = ProfileArgument::Default)]
    pub(super) profile: ProfileArgument,
    /// How
    #[arg(long, short, value_enum, default_value_t = TableFormat::Text)]
    pub(super) format: TableFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LevelArgument {
    /// It does not run
    Off,
    /// Advice
    Note,
    /// The context may excuse it
    Warning,
    /// Certainly wrong
    Error,
}

impl From<LevelArgument> for Level {
    fn from(level: LevelArgument) -> Level {
        match level {
            LevelArgument::Off => None,
            LevelArgument::Note => Some(Severity::Note),
            LevelArgument::Warning => Some(Severity::Warning),
            LevelArgument::Error => Some(Severity::Error),
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct DumpArguments {
    /// Dumps this namespace, with what belongs to the whole cluster, instead of all; may be repeated
    #[arg(short, long = "namespace", value_name = "NAMESPACE")]
    pub(super) namespaces: Vec<String>,
    /// Dumps Secrets, too: the file then holds their values
    #[arg(long)]
    pub(super) with_secrets: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// A table
    Text,
    /// JSON
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    pub(super) read: ReadArguments,

    /// The report's format on stdout
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text, help_heading = "Output")]
    pub(super) format: ReportFormat,
    /// Writes a further report to a file; may be repeated
    #[arg(long, short, value_name = "FORMAT=FILE", value_parser = parse_output::<ReportFormat>, help_heading = "Output")]
    pub(super) output: Vec<Output<ReportFormat>>,

    /// Exits with 1 where fewer than so many percent of an environment's decided sentences hold, or none is decided
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100), help_heading = "Exit code")]
    pub(super) fail_under: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// For a terminal or a log
    Text,
    /// For a pull request or a job's summary
    Markdown,
    /// One page that stands alone, with a picture
    Html,
    /// Everything, for programs; the schema is schemas/readiness-v1.json
    Json,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct LintArguments {
    #[command(flatten)]
    pub(super) read: ReadArguments,
    /// Runs only these rules or components
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Configuration")]
    pub(super) select: Vec<String>,
    /// Runs all but these rules or components
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Configuration")]
    pub(super) ignore: Vec<String>,

    /// Leaves out the findings that this baseline knows
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub(super) baseline: Option<PathBuf>,
    /// Shows the findings, too, that the configuration's baseline knows
    #[arg(long, conflicts_with = "baseline", help_heading = "Configuration")]
    pub(super) no_baseline: bool,
    /// Writes a baseline that knows all findings, instead of a report
    #[arg(long, value_name = "FILE", conflicts_with = "baseline", help_heading = "Configuration")]
    pub(super) write_baseline: Option<PathBuf>,
    /// Shows what is in force, and where each value comes from, instead of a report
    #[arg(long, help_heading = "Configuration")]
    pub(super) show_config: bool,

    /// Edits files where that is safe: no pod restarts, no object appears, comments and layout stay
    #[arg(long, conflicts_with = "render", help_heading = "Fixes")]
    pub(super) fix: bool,
    /// Also applies fixes that restart pods, change a scale, add objects or tighten a protection; implies --fix
    #[arg(long, conflicts_with = "render", help_heading = "Fixes")]
    pub(super) unsafe_fixes: bool,
    /// Prints a diff of what --fix (with --unsafe-fixes: of what that) would edit, and edits nothing; exits with 1 if there is
    /// something to edit
    #[arg(long, conflicts_with = "render", help_heading = "Fixes")]
    pub(super) diff: bool,
    /// Fixes only what these rules or components find; may be repeated
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Fixes")]
    pub(super) fix_only: Vec<String>,
    /// Writes each new object to a file of its own in this folder, and names the file in the kustomization that needs it;
    /// without it new objects are appended to the file of the object that they are for
    #[arg(long, value_name = "FOLDER", help_heading = "Fixes")]
    pub(super) fix_dir: Option<PathBuf>,
    /// Leaves out the line that says how many findings could be fixed
    #[arg(long, help_heading = "Fixes")]
    pub(super) no_fix_hint: bool,

    /// The report's format on stdout: pretty at a terminal, else concise
    #[arg(long, short, value_enum, help_heading = "Output")]
    pub(super) format: Option<Format>,
    /// Writes a further report to a file; may be repeated
    #[arg(long, short, value_name = "FORMAT=FILE", value_parser = parse_output::<Format>, help_heading = "Output")]
    pub(super) output: Vec<Output<Format>>,
    /// Leaves out what is less severe, in every format; it still counts for the exit code
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Output")]
    pub(super) min_severity: Option<Least>,
    /// Leaves out notes, in every format, and the summary
    #[arg(long, short, conflicts_with = "verbose", help_heading = "Output")]
    pub(super) quiet: bool,
    /// Shows all findings, what became of each document, how each workload was recognised, and what is not verifiable;
    /// formats without room for it have it on stderr
    #[arg(long, short, help_heading = "Output")]
    pub(super) verbose: bool,
    /// Lists all rules in SARIF, and not only those that results name
    #[arg(long, help_heading = "Output")]
    pub(super) sarif_all_rules: bool,
    /// Shows what comments, annotations, the configuration and the baseline take away
    #[arg(long, help_heading = "Output")]
    pub(super) show_suppressed: bool,
    /// When to colour
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, help_heading = "Output")]
    pub(super) color: Color,

    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Least::Error, help_heading = "Exit code")]
    pub(super) fail_on: Least,
    /// More warnings than this make the exit code 1
    #[arg(long, value_name = "N", help_heading = "Exit code")]
    pub(super) max_warnings: Option<usize>,
    /// Exits with 0 whatever is found
    #[arg(long, help_heading = "Exit code")]
    pub(super) exit_zero: bool,
    /// Exits with 2 where no document is checked
    #[arg(long, help_heading = "Exit code")]
    pub(super) fail_on_empty: bool,
}

impl LintArguments {
    /// Whether files are to be edited, or to be shown as they would be.
    pub(super) fn wants_fixes(&self) -> bool {
        self.fix || self.unsafe_fixes || self.diff || !self.fix_only.is_empty()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Snippets for people
    Pretty,
    /// A line for each finding
    Concise,
    /// Tables for a job's summary or a comment, in GitHub's Markdown
    Markdown,
    /// Annotations, as workflow commands of GitHub Actions
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// JUnit's XML, which most CI systems show as tests
    Junit,
    /// Checkstyle's XML, for reviewdog, Jenkins and SonarQube
    Checkstyle,
    /// Reports for a cluster's dashboards: openreports.io/v1alpha1
    Openreports,
    /// Short lines for language models and scripts; the grammar is docs/agents.md
    Agent,
    /// Everything, for programs; the schema is schemas/report-v1.json
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

impl Format {
    /// Whether it says itself what the summary would say, and what `--verbose` adds.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Format::Pretty | Format::Markdown | Format::Agent)
    }

    /// Whether it shows what a fix would edit.
    pub(super) fn shows_edits(self) -> bool {
        matches!(self, Format::Pretty | Format::Json | Format::Sarif)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// At a terminal, unless `NO_COLOR` or `TERM=dumb` say otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Least {
    /// Errors
    Error,
    /// Warnings and errors
    Warning,
    /// Any finding
    Note,
}

impl From<Least> for Severity {
    fn from(least: Least) -> Severity {
        match least {
            Least::Error => Severity::Error,
            Least::Warning => Severity::Warning,
            Least::Note => Severity::Note,
        }
    }
}
