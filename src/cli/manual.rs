//! A page of the manual: what the arguments say, and what a manual says besides.

use super::setup;
use clap::Command;
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

/// Ends the page of the program itself.
const MORE: &str = r".SH FILES
.TP
\fI.edms\-lint.yaml\fR
The configuration: the nearest one upwards, stopping at the root of the git repository. \fBedms\-lint init\fR writes one.
.SH ENVIRONMENT
.TP
\fBNO_COLOR\fR, \fBFORCE_COLOR\fR, \fBCLICOLOR\fR, \fBTERM\fR
Whether to colour, as for other programs.
.SH EXAMPLES
.TP
\fBedms\-lint k8s\fR
Audits what lies in a folder.
.TP
\fBhelm template orders charts/orders | edms\-lint \-\fR
Audits what a chart renders.
.TP
\fBedms\-lint \-\-write\-baseline .edms\-lint\-baseline\fR
Takes what is found today as known.
.TP
\fBedms\-lint \-\-baseline .edms\-lint\-baseline\fR
Shows what is new since then.
.TP
\fBedms\-lint explain pdb\-blocks\-drain\fR
Says what a rule checks, and why.
";

/// A page.
pub(super) struct Page<'a> {
    command: &'a Command,
}

impl<'a> Page<'a> {
    /// That of a built command.
    pub(super) fn of(command: &'a Command) -> Page<'a> {
        Page { command }
    }

    fn name(&self) -> &str {
        self.command.get_display_name().unwrap_or_else(|| self.command.get_name())
    }

    pub(super) fn file_name(&self) -> String {
        format!("{}.1", self.name())
    }

    pub(super) fn text(&self) -> String {
        let mut bytes = Vec::new();
        clap_mangen::Man::new(self.command.clone()).render(&mut bytes).expect("memory takes what is written to it");
        let rendered = String::from_utf8(bytes).expect("arguments are declared in UTF-8");
        let mut text = String::new();
        for line in rendered.lines() {
            match line {
                // Its own has no day, and dashes in which readers of manuals see no day.
                _ if line.starts_with(".TH ") => text.push_str(&self.title()),
                ".SH EXTRA" => text.push_str(".SH \"EXIT STATUS\""),
                _ => text.push_str(line.trim_end()),
            }
            text.push('\n');
        }
        // A space ends the line by itself.
        text = text.replace("\n.br\n\n.br\n", "\n.sp\n").replace("Exit codes: 0 ", "0 ");
        if self.command.has_subcommands() {
            text.push_str(MORE);
        }
        text
    }

    fn title(&self) -> String {
        let name = self.name();
        format!(".TH {} 1 {} \"edms-lint {}\" \"User Commands\"", name.to_uppercase(), day(), env!("CARGO_PKG_VERSION"))
    }
}

/// The day of the page: today, or the one that who packages the program says.
fn day() -> Date {
    let told = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|it| Timestamp::from_second(it.parse().ok()?).ok());
    told.map_or_else(setup::today, |it| TimeZone::UTC.to_datetime(it).date())
}
