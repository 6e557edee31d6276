//! Texts to documents: cut, parsed in parallel, and classified; what cannot be read is told or accounted for.

use super::LoadError;
use super::classify;
use super::dump::{Cut, cut as cut_list, strip};
use super::files::{Content, Found, Origin};
use super::governed::Governed;
use super::hidden::hidden;
use super::item::{DocumentKind, Item};
use super::messages;
use super::parses::{Parsed, Parses};
use super::templates::{self, is_template_text};
use super::text::{Decoded, Defect, mentions_objects};
use crate::model::{Problem, ProblemKind, Unseen};
use crate::source::{Source, SourceId, Sources, Span};
use crate::yaml::split::{Piece, split};
use crate::yaml::stream;
use crate::yaml::{Document, ParseError, parse, parse_json};
use rayon::prelude::*;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// What is said of a file without documents.
pub(super) const NOTHING: [&str; 2] = ["empty", "holds only comments"];

/// A file of the run with its documents.
#[derive(Debug)]
pub(super) struct ReadFile {
    pub(super) source: SourceId,
    /// As shown.
    pub(super) name: String,
    /// Absolute, as it was reached.
    pub(super) path: PathBuf,
    /// Without links.
    pub(super) real: PathBuf,
    pub(super) origin: Origin,
    /// Whether it was named, by itself or by a glob.
    pub(super) is_named: bool,
    pub(super) documents: Vec<ReadDocument>,
    /// What is wrong with it where it is read plainly.
    pub(super) problems: Vec<Problem>,
    /// What it may hold that cannot be read.
    pub(super) unseen: Vec<Unseen>,
}

/// A document with its parts.
#[derive(Debug)]
pub(super) struct ReadDocument {
    pub(super) kind: DocumentKind,
    /// None if it cannot be read, or if there is none.
    pub(super) document: Option<Arc<Document>>,
    /// Whether it is no YAML.
    pub(super) is_broken: bool,
    pub(super) items: Vec<Item>,
}

impl ReadFile {
    /// The last part of the path.
    pub(super) fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }

    /// All parts of all documents.
    pub(super) fn items(&self) -> impl Iterator<Item = &Item> {
        self.documents.iter().flat_map(|it| &it.items)
    }

    /// Why a stream is taken for a mistake: nothing came, or what a program says to people.
    pub(super) fn stream_error(&self, sources: &Sources) -> Option<LoadError> {
        let holds_nothing = self.items().all(|it| it.content.is_err());
        let is_stream = self.origin == Origin::Stream && holds_nothing;
        is_stream.then(|| messages::refuse(&self.name, sources.get(self.source).text())).flatten()
    }
}

/// A piece of a text on its way to a document.
struct Job<'a> {
    file: usize,
    text: &'a Arc<str>,
    source: SourceId,
    range: Range<usize>,
    is_json: bool,
    /// What it was parsed to, where that is known.
    document: Option<Document>,
}

/// Reads all files; their texts become sources in the order of the files. What was `parsed` before and stands as it stood
/// is not parsed again.
pub(super) fn read(found: Vec<Found>, sources: &mut Sources, parsed: Option<&mut Parses>) -> Vec<ReadFile> {
    let mut files = Vec::with_capacity(found.len());
    let mut is_cut: Vec<bool> = Vec::with_capacity(found.len());
    let mut looks: Vec<bool> = Vec::with_capacity(found.len());
    for found in found {
        let (text, defect) = match found.content {
            Content::Read(Decoded { text, defect }) => (text, defect.map(Err)),
            Content::Skipped(reason) => ("".into(), Some(Ok(reason))),
            Content::Unread => ("".into(), Some(Ok("not read".to_owned()))),
        };
        let is_manifest = found.is_named || mentions_objects(&text);
        let source = sources.add(Source::new(found.name.clone(), text));
        let is_blank = sources.get(source).text().trim().is_empty();
        is_cut.push(defect.is_none() && !is_blank);
        let mut file = ReadFile {
            source,
            name: found.name,
            path: found.path,
            real: found.real,
            origin: found.origin,
            is_named: found.is_named,
            documents: Vec::new(),
            problems: Vec::new(),
            unseen: Vec::new(),
        };
        match defect {
            Some(Ok(reason)) => file.skip(place(source, 0, 0), reason),
            Some(Err(defect)) => file.refuse(defect, is_manifest),
            None => {}
        }
        files.push(file);
        looks.push(is_manifest);
    }
    let cut = |(file, is_cut): (&ReadFile, &bool)| {
        if *is_cut { split(sources.get(file.source).text()) } else { Vec::new() }
    };
    let pieces: Vec<Vec<Piece>> = files.par_iter().zip(&is_cut).map(cut).collect();
    for (at, outcome) in parse_all(&files, &pieces, sources, parsed) {
        files[at].take(outcome, sources);
    }
    for ((file, cut), looks) in files.iter_mut().zip(&pieces).zip(looks) {
        file.finish(cut, looks, sources);
    }
    files
}

/// Parses all pieces of all files in parallel, by piece: one file may hold thousands.
fn parse_all(
    files: &[ReadFile],
    pieces: &[Vec<Piece>],
    sources: &Sources,
    mut parses: Option<&mut Parses>,
) -> Vec<(usize, Parsed)> {
    let governed = Governed::of(files.iter().map(|it| it.path.as_path()));
    let is_plain: Vec<bool> = files.iter().map(|it| !governed.holds(&it.path, it.origin)).collect();
    let mut known = Vec::new();
    let mut jobs = Vec::new();
    for (at, cut) in pieces.iter().enumerate() {
        let (source, text) = (files[at].source, sources.get(files[at].source).text());
        if let Some(before) = parses.as_deref().and_then(|it| it.of(source, &files[at].name, text, is_plain[at])) {
            known.extend(before.iter().map(|it| (at, it.clone())));
            continue;
        }
        let edited = parses.as_deref_mut().map(|it| it.take_edited(source, text)).unwrap_or_default();
        let mut edited = edited.into_iter().peekable();
        for piece in cut {
            let (range, is_json) = match piece {
                Piece::Document(range) => (range.clone(), false),
                Piece::Json(range) => (range.clone(), true),
                _ => continue,
            };
            let document = edited.next_if(|it| it.range == range).and_then(|it| Arc::into_inner(it.document));
            jobs.push(Job { file: at, text, source, range, is_json, document });
        }
    }
    let parse = |job: Job<'_>| -> Vec<(usize, Parsed)> {
        let file = job.file;
        let parsed = parse_piece(job, files[file].file_name(), is_plain[file]);
        parsed.into_iter().map(|it| (file, it)).collect()
    };
    let parsed: Vec<(usize, Parsed)> = jobs.into_par_iter().flat_map_iter(parse).collect();
    if let Some(parses) = &mut parses {
        for (at, parsed) in parsed.iter().chain(&known) {
            let file = &files[*at];
            parses.keep(file.source, &file.name, sources.get(file.source).text(), is_plain[*at], parsed.clone());
        }
        parses.end_round();
    }
    known.extend(parsed);
    known
}

/// Parses a piece: a long list item by item, everything else as a whole. In what no kustomization governs, live
/// objects are read as what their authors wrote.
fn parse_piece(mut job: Job<'_>, name: &str, is_plain: bool) -> Vec<Parsed> {
    let read = |mut document: Document| {
        if is_plain {
            strip(&mut document);
        }
        let document = Arc::new(document);
        let classified = classify::classify(&document, name);
        (document, classified)
    };
    let document = job.document.take();
    let cut = if is_plain { cut_list(job.text, job.range.clone()) } else { None };
    let items = cut.as_ref().map(|it| parse_items(&job, it)).unwrap_or_default();
    if cut.as_ref().is_some_and(|it| !it.is_truncated) && items.iter().all(|it| it.result.is_ok()) {
        return items;
    }
    // What cannot be cut, or is broken in pieces, may be right as a whole; a list without its end never is.
    let is_truncated = cut.as_ref().is_some_and(|it| it.is_truncated);
    let parse = || parser(&job)(job.source, job.text, job.range.clone());
    let whole = (!is_truncated).then(|| document.map_or_else(parse, |it| Ok(Some(it))).map(|it| it.map(read)));
    match whole {
        Some(result) if result.is_ok() || cut.is_none() => vec![Parsed { range: job.range, result, is_item: false }],
        _ => items,
    }
}

/// Parses the items of a list side by side. The last one of a list that is cut off is cut off itself.
fn parse_items(job: &Job<'_>, cut: &Cut) -> Vec<Parsed> {
    let read = |mut document: Document| {
        strip(&mut document);
        let document = Arc::new(document);
        let classified = classify::classify_item(&document);
        (document, classified)
    };
    let parse = |range: &Range<usize>| {
        let result = parser(job)(job.source, job.text, range.clone()).map(|it| it.map(read));
        Parsed { range: range.clone(), result, is_item: true }
    };
    let mut items: Vec<Parsed> = cut.items.par_iter().map(parse).collect();
    if let Some(last) = items.last_mut().filter(|_| cut.is_truncated) {
        let message = "the list ends here, in the middle of an item: the output was cut off".to_owned();
        let span = first_line(job.source, job.text, &last.range);
        last.result = Err(ParseError { message, span });
    }
    items
}

/// How a piece is read: what begins with a bracket is read as JSON is.
fn parser(job: &Job<'_>) -> fn(SourceId, &Arc<str>, Range<usize>) -> Result<Option<Document>, ParseError> {
    if job.is_json { parse_json } else { parse }
}

fn place(source: SourceId, start: usize, end: usize) -> Span {
    let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Span { source, start: offset(start), end: offset(end) }
}

/// The span of the first line of a range that holds more than blanks and comments.
fn first_line(source: SourceId, text: &str, range: &Range<usize>) -> Span {
    let mut at = range.start;
    for line in text[range.clone()].split_inclusive('\n') {
        let content = line.trim();
        if !content.is_empty() && !content.starts_with('#') {
            let start = at + line.find(content).unwrap_or(0);
            return place(source, start, start + content.len());
        }
        at += line.len();
    }
    place(source, range.start, range.start)
}

impl ReadFile {
    fn skip(&mut self, span: Span, reason: impl Into<String>) {
        let item = Item::other(span, "file", reason);
        self.documents.push(ReadDocument {
            kind: DocumentKind::Plain,
            document: None,
            is_broken: false,
            items: vec![item],
        });
    }

    fn problem(&mut self, kind: ProblemKind, message: impl Into<String>, span: Span, help: Option<String>) {
        self.problems.push(Problem { kind, message: message.into(), span, labels: Vec::new(), help });
    }

    /// A file that is no text.
    fn refuse(&mut self, defect: Defect, is_manifest: bool) {
        let span = place(self.source, defect.start, defect.end);
        self.skip(span, defect.message.clone());
        if is_manifest || defect.is_opaque {
            self.unseen.push(hidden("", format!("{} cannot be read", self.name)));
            self.problem(ProblemKind::Syntax, defect.message, span, defect.help);
        }
    }

    /// Whether it is a template of a chart, by its folder.
    fn is_template(&self) -> bool {
        self.path.components().any(|it| it.as_os_str() == "templates")
    }

    /// Takes in what became of one piece.
    fn take(&mut self, parsed: Parsed, sources: &Sources) {
        let text = sources.get(self.source).text();
        let span = first_line(self.source, text, &parsed.range);
        match parsed.result {
            Ok(None) => {}
            Ok(Some((document, classified))) => {
                if classified.problems.iter().any(|it| it.kind == ProblemKind::Syntax) {
                    self.unseen.push(hidden("", format!("{} holds an object that cannot be read", self.name)));
                }
                self.problems.extend(classified.problems);
                let (kind, mut items) = (classified.kind, classified.items);
                let body = &text[parsed.range];
                // A folder of templates makes other systems than this one.
                if items.iter().any(templates::is_one) && templates::folder_of(&self.path).is_none() {
                    self.unseen.push(hidden(body, format!("{} is a template that is not rendered here", self.name)));
                }
                if self.is_named {
                    // Whoever names a part of an object wants to hear of it.
                    for it in &mut items {
                        it.patch = None;
                    }
                }
                self.documents.push(ReadDocument { kind, document: Some(document), is_broken: false, items });
            }
            Err(error) => {
                let body = &text[parsed.range];
                let is_template = !parsed.is_item && (is_template_text(body) || self.is_template());
                let reason = if is_template {
                    format!("a template, not YAML: {}", error.message)
                } else {
                    format!("not YAML: {}", error.message)
                };
                let item = Item::other(span, "document", reason);
                self.documents.push(ReadDocument {
                    kind: DocumentKind::Plain,
                    document: None,
                    is_broken: true,
                    items: vec![item],
                });
                let may_hold_objects = mentions_objects(body);
                if may_hold_objects && is_template {
                    self.unseen.push(hidden(body, format!("{} is a template that is not rendered here", self.name)));
                }
                if !is_template && (parsed.is_item || self.is_named || may_hold_objects) {
                    self.unseen.push(hidden(body, format!("{} cannot be read", self.name)));
                    self.problem(ProblemKind::Syntax, error.message, error.span, None);
                }
            }
        }
    }

    /// Takes in what stands between the documents, and says why there is none.
    fn finish(&mut self, cut: &[Piece], is_manifest: bool, sources: &Sources) {
        let text = Arc::clone(sources.get(self.source).text());
        let is_told = is_manifest && !text.contains("{{");
        for (at, piece) in cut.iter().enumerate() {
            match piece {
                Piece::InvalidSeparator(range) if is_told => {
                    let message = "text after `---`: Kubernetes' reader stops here";
                    let help = Some("begin the document on the next line".to_owned());
                    self.problem(ProblemKind::Syntax, message, place(self.source, range.start, range.end), help);
                }
                Piece::NotJson(range) if is_told => {
                    let next = cut.get(at + 1).map_or(text.len(), Piece::start);
                    let lost = &text[range.start..next];
                    if mentions_objects(lost) {
                        self.unseen.push(hidden(lost, format!("{} cannot be read to its end", self.name)));
                    }
                    let help = Some("remove what stands between the objects, or put them into a List".to_owned());
                    let span = place(self.source, range.start, range.end);
                    self.problem(ProblemKind::Syntax, stream::NOT_JSON, span, help);
                }
                Piece::Directive(range) if is_told => {
                    let message = "a directive: Kubernetes' reader takes it for a document and refuses it";
                    let help = Some("remove the line".to_owned());
                    self.problem(ProblemKind::Doubtful, message, place(self.source, range.start, range.end), help);
                }
                _ => {}
            }
        }
        self.tell_dropped(is_told);
        if self.documents.is_empty() {
            let [empty, only_comments] = NOTHING;
            self.skip(place(self.source, 0, 0), if text.trim().is_empty() { empty } else { only_comments });
        }
        self.problems.sort_by_key(|it| it.span);
        if matches!(self.stream_error(sources), Some(LoadError::NoManifests { .. })) {
            self.documents.clear();
            self.problems.clear();
            self.skip(first_line(self.source, &text, &(0..text.len())), "not a manifest but a message");
        }
    }

    /// Accounts for what stands behind `...` or behind a document in brackets, which kubectl drops without a word.
    fn tell_dropped(&mut self, is_told: bool) {
        let dropped: Vec<Span> = self.documents.iter().filter_map(|it| it.document.as_ref()?.dropped()).collect();
        for span in dropped {
            self.skip(span, "stands behind the end of its document: kubectl drops it");
            if is_told {
                let message = "stands behind the end of the document: kubectl drops it without a word";
                let help = Some("begin the document with `---`".to_owned());
                self.problem(ProblemKind::Doubtful, message, span, help);
            }
        }
    }
}
