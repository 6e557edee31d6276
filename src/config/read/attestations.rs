//! Reads `attestations:`, and the dates of whatever ends on a day.

use super::Reader;
use crate::config::{Attestation, attest, keys};
use crate::suggest;
use crate::yaml::de::ReadError;
use crate::yaml::{Entry, NodeRef};
use jiff::Span as Duration;
use jiff::civil::Date;

impl<'d> Reader<'d> {
    pub(super) fn attestation(&mut self, item: NodeRef<'d>) -> Option<Attestation> {
        let (mut id, mut owner, mut date, mut expires, mut evidence) = (None, None, None, None, None);
        let mut environments = Vec::new();
        let errors = self.errors.len();
        for entry in self.fields(item, None, keys::ATTESTATION) {
            match entry.name() {
                "id" => id = Some(self.attestable(entry)),
                "owner" => owner = Some(self.value::<String>(entry)),
                "date" => date = Some(self.date(entry)),
                "expires" => expires = self.date(entry).map(|it| (it, entry.value.span())),
                "evidence" => evidence = self.value(entry),
                _ => environments = self.each(entry, |reader, it| reader.typed(it, None)),
            }
        }
        self.require(item, "id", id.is_some());
        self.require(item, "owner", owner.is_some());
        self.require(item, "date", date.is_some());
        let (id, owner, date) = (id??, owner??, date??);
        let last = match expires {
            Some((end, span)) if end <= date => {
                self.error(format!("it expires on {end}, but dates from {date}"), span, None);
                end
            }
            Some((end, _)) => end,
            None => date.saturating_add(Duration::new().days(attest::DAYS)),
        };
        let span = Some(item.first_line());
        (self.errors.len() == errors).then_some(Attestation {
            id,
            owner,
            date,
            expires: last,
            evidence,
            environments,
            span,
        })
    }

    /// The id of a rule or of a practice.
    fn attestable(&mut self, entry: Entry<'d>) -> Option<String> {
        let id: String = self.value(entry)?;
        let known = || self.vocabulary.rules.iter().copied().chain(attest::PRACTICES);
        if known().any(|it| it == id) {
            return Some(id);
        }
        let near = suggest::nearest(&id, known().collect::<Vec<&str>>()).map(|it| format!("did you mean `{it}`?"));
        let all = || format!("a rule's id, or one of `{}`", attest::PRACTICES.join("`, `"));
        let help = near.or_else(|| Some(all()));
        self.error(format!("nothing is called `{id}` that can be attested"), entry.value.span(), help);
        None
    }

    /// A day, with or without quotes.
    pub(super) fn date(&mut self, entry: Entry<'d>) -> Option<Date> {
        let date = date(entry.value.text());
        if date.is_none() {
            let expected = ReadError::mismatch("a date such as 2027-01-31", entry.value, entry.key);
            self.errors.push(expected.into());
        }
        date
    }
}

/// Reads `2027-01-31`, and nothing shorter or longer.
pub(crate) fn date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|_| text.len() == "2027-01-31".len())
}
