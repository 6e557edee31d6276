//! Where the members of a collection stand: entries of a map with their keys, items of a list with their dashes.

use super::file::{File, Parsed, Site};
use super::refusal::Refusal;
use crate::NodeRef;
use crate::packed::{FLOW, Kind, TAGGED};
use std::sync::Arc;

/// An entry of a map, or an item of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    /// The key, or the item itself.
    pub(super) id: u32,
    /// Where it begins: at its key, at its dash, or in brackets at the item.
    pub(super) start: usize,
    /// Where it ends, without a comma.
    pub(super) end: usize,
}

/// What stands before a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lead {
    /// Behind the colon or the dash.
    pub(super) opening: usize,
    /// Behind an anchor, where there is one; else the same.
    pub(super) behind: usize,
    pub(super) has_tag: bool,
}

/// A node with its file.
#[derive(Clone, Copy)]
pub(super) struct Place<'f> {
    pub(super) file: &'f File,
    pub(super) parsed: &'f Parsed,
    document: usize,
    pub(super) node: NodeRef<'f>,
}

impl<'f> Place<'f> {
    pub(super) fn new(file: &'f File, site: Site) -> Place<'f> {
        Place { file, parsed: &file.documents[site.document], document: site.document, node: file.node(site) }
    }

    pub(super) fn site(self) -> Site {
        Site { document: self.document, node: self.node.id() }
    }

    /// The same of another node of the document.
    pub(super) fn of(self, node: NodeRef<'f>) -> Place<'f> {
        Place { node, ..self }
    }

    pub(super) fn start(self) -> usize {
        self.node.span().start as usize
    }

    pub(super) fn end(self) -> usize {
        self.node.span().end as usize
    }

    /// Nothing is written where the value stands.
    pub(super) fn is_absent(self) -> bool {
        self.start() == self.end()
    }

    pub(super) fn layout(self) -> Refusal {
        Refusal::Layout(self.node.span())
    }

    /// A collection without brackets.
    pub(super) fn is_block(self) -> bool {
        let node = self.node.node();
        matches!(node.kind(), Kind::Seq | Kind::Map) && !self.node.is_flow()
    }

    /// Where the header stands of a text in lines below it.
    pub(super) fn block_header(self) -> Option<usize> {
        self.header_behind(self.lead()?)
    }

    /// The same where it is known what stands before it.
    fn header_behind(self, lead: Lead) -> Option<usize> {
        let node = self.node.node();
        if node.kind() != Kind::Text {
            return None;
        }
        let rest = &self.file.text[lead.behind..];
        let header = rest.trim_start_matches([' ', '\t']);
        header.starts_with(['|', '>']).then(|| lead.behind + rest.len() - header.len())
    }

    /// Whether it stands in what kubectl reads as JSON.
    pub(super) fn is_json_piece(self) -> bool {
        self.document < self.file.jsons
    }

    /// The collection around it.
    pub(super) fn parent(self) -> Option<Place<'f>> {
        self.parsed.parent(self.node).map(|it| self.of(it))
    }

    pub(super) fn is_in_brackets(self) -> bool {
        self.parent().is_some_and(|it| it.node.is_flow())
    }

    /// Members of a collection, in order. They are looked for once.
    pub(super) fn members(self) -> Result<Arc<[Member]>, Refusal> {
        let id = self.node.id();
        if let Some(members) = self.parsed.members.lock().expect("nobody panics with it").get(&id) {
            return Ok(Arc::clone(members));
        }
        let members: Arc<[Member]> = self.find_members()?.into();
        self.parsed.members.lock().expect("nobody panics with it").insert(id, Arc::clone(&members));
        Ok(members)
    }

    fn find_members(self) -> Result<Vec<Member>, Refusal> {
        let mut members = Vec::new();
        let mut at = if self.node.is_flow() { self.start() + 1 } else { self.first() };
        let mut children = self.node.children();
        while let Some(child) = children.next() {
            let value = if self.node.is_map() { children.next().unwrap_or(child) } else { child };
            let member = self.member(child, value, at)?;
            at = member.end;
            members.push(member);
        }
        Ok(members)
    }

    /// The member that begins behind `from`.
    fn member(self, child: NodeRef<'f>, value: NodeRef<'f>, from: usize) -> Result<Member, Refusal> {
        let text = &self.file.text;
        let lines = self.file.lines();
        let mut start = lines.skip_gap(from);
        if self.node.is_flow() && text[start..].starts_with(',') {
            start = lines.skip_gap(start + 1);
        }
        let (child, value) = (self.of(child), self.of(value));
        if self.node.is_map() && start != child.start() {
            return Err(child.layout());
        }
        let is_dash = self.node.is_seq() && !self.node.is_flow();
        if is_dash && !text[start..].starts_with('-') {
            return Err(child.layout());
        }
        let lead = if self.node.is_map() { child.colon(child.end()) } else { is_dash.then_some(start + 1) };
        let end = value.end_behind(lead.map(|it| value.props(it, start)));
        Ok(Member { id: child.node.id(), start, end: end.max(child.end()).max(lead.unwrap_or(start)) })
    }

    /// Where the first member of a collection without brackets begins. The tree knows where the dash of a list stands
    /// only if the list is further to the right than its key.
    pub(super) fn first(self) -> usize {
        let is_value = self.parent().is_some_and(|it| it.node.is_map());
        let lead = if self.node.is_seq() && is_value { self.lead() } else { None };
        lead.map_or(self.start(), |it| self.file.lines().skip_gap(it.behind))
    }

    /// Where it ends, whatever it is: behind the colon if nothing follows, with the blank lines that a block of text at
    /// its end may hold.
    pub(super) fn written_end(self) -> usize {
        self.end_behind(self.lead())
    }

    /// The same where it is known what stands before it.
    fn end_behind(self, lead: Option<Lead>) -> usize {
        let mut last = self.of(self.parsed.document.node(self.node.next() - 1));
        let mut at = last;
        while at.node.id() != self.node.id() {
            let Some(parent) = at.parent() else { break };
            at = parent;
            last = if at.node.node().has(FLOW) { at } else { last };
        }
        let lead = if last.node.id() == self.node.id() { lead } else { last.lead() };
        let Some(lead) = lead else { return last.end() };
        if let Some(header) = last.header_behind(lead) {
            let end = if last.is_absent() { header + 1 } else { last.end() };
            return self.file.lines().block_end(header..end);
        }
        if last.is_absent() { lead.behind } else { last.end() }
    }

    /// Behind the colon of a key that ends at `from`.
    fn colon(self, from: usize) -> Option<usize> {
        let at = self.file.lines().skip_gap(from);
        self.file.text[at..].starts_with(':').then_some(at + 1)
    }

    /// What stands before a value; nothing for the root.
    pub(super) fn lead(self) -> Option<Lead> {
        let parent = self.parent()?;
        let member = self.parsed.member_of(self.node.id());
        if parent.node.is_map() {
            let key = self.of(self.parsed.document.node(member));
            return key.colon(key.end()).map(|it| self.props(it, key.start()));
        }
        if parent.node.is_flow() {
            return Some(Lead { opening: self.start(), behind: self.start(), has_tag: self.is_tagged() });
        }
        let members = parent.members().ok()?;
        let at = members.binary_search_by_key(&member, |it| it.id).ok()?;
        Some(self.props(members[at].start + 1, members[at].start))
    }

    fn is_tagged(self) -> bool {
        self.node.node().has(TAGGED)
    }

    /// Anchor and tag from an offset on, of a value whose key or dash begins at `member`.
    fn props(self, opening: usize, member: usize) -> Lead {
        let (text, lines) = (&self.file.text, self.file.lines());
        // Where nothing is written, what stands on a later line and no further to the right is of the next key.
        let is_next = |at: usize| lines.line_start(at) > opening && lines.column(at) <= lines.column(member);
        let mut lead = Lead { opening, behind: opening, has_tag: self.is_tagged() };
        let limit = if self.is_absent() { text.len() } else { self.start() };
        loop {
            let at = lines.skip_gap(lead.behind);
            if at >= limit || !text[at..].starts_with(['&', '!']) || (self.is_absent() && is_next(at)) {
                return lead;
            }
            lead.has_tag |= text[at..].starts_with('!');
            let length = text[at..].find([' ', '\t', '\r', '\n', ',', ']', '}']).unwrap_or(text.len() - at);
            lead.behind = at + length;
        }
    }
}
