//! The arguments that several commands share: what is read, by which configuration, and where reports go.

use crate::config::{self, Profile};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// What is read, and by which configuration.
#[derive(Debug, Args)]
pub(super) struct ReadArguments {
    /// Files, directories or globs to audit; `-` is stdin; nothing is what the configuration names, or the current
    /// directory. One that is called like a command is written `./report`
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Names what stands on stdin, as findings show it
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<String>,
    /// Renders charts, those of kustomizations too, with the helm on the PATH: without plugins, cluster and network. Values
    /// are those that the configuration names
    #[arg(long)]
    pub(super) render: bool,

    /// Reads this configuration instead of the nearest .edms-lint.yaml upwards
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", help_heading = "Configuration")]
    pub(super) config: Option<PathBuf>,
    /// Reads no configuration
    #[arg(long, help_heading = "Configuration")]
    pub(super) no_config: bool,
    /// How strict to be
    #[arg(long, value_enum, help_heading = "Configuration")]
    pub(super) profile: Option<ProfileArgument>,
    /// The day on which suppressions and attestations end or still count, instead of the clock's (UTC)
    #[arg(long, value_name = "DATE", value_parser = parse_date, help_heading = "Configuration")]
    pub(super) today: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ProfileArgument {
    /// For development clusters
    Relaxed,
    /// For most
    Default,
    /// For production
    Production,
}

impl From<ProfileArgument> for Profile {
    fn from(profile: ProfileArgument) -> Profile {
        match profile {
            ProfileArgument::Relaxed => Profile::Relaxed,
            ProfileArgument::Default => Profile::Default,
            ProfileArgument::Production => Profile::Production,
        }
    }
}

/// A report that goes to a file.
#[derive(Clone, Debug)]
pub(super) struct Output<F> {
    pub(super) format: F,
    pub(super) file: PathBuf,
}

fn parse_date(text: &str) -> Result<Date, String> {
    config::date(text).ok_or_else(|| "a day reads as 2027-01-31".to_owned())
}

pub(super) fn parse_output<F: ValueEnum>(text: &str) -> Result<Output<F>, String> {
    let names: Vec<String> =
        F::value_variants().iter().filter_map(|it| Some(it.to_possible_value()?.get_name().to_owned())).collect();
    let form = || format!("it reads FORMAT=FILE, as in {0}=edms-lint.{0}", names.last().map_or("", String::as_str));
    let (format, file) = text.split_once('=').ok_or_else(form)?;
    let format = F::from_str(format, false).map_err(|_| {
        let (last, rest) = names.split_last().map_or(("", &[][..]), |it| (it.0.as_str(), it.1));
        format!("no format {format:?}: {} or {last}", rest.join(", "))
    })?;
    if file.is_empty() {
        return Err("the file's name is missing".to_owned());
    }
    Ok(Output { format, file: file.into() })
}
