package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"edms-lint/oracle/internal/manifest"
)

// maxBytes keeps the printed lines readable; it leaves out little but generated manifests.
const maxBytes = 16_000

// kindOf is the part of a manifest that says what it is, and what it holds if it is a list.
type kindOf struct {
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Metadata   json.RawMessage   `json:"metadata"`
	Items      []json.RawMessage `json:"items"`
}

// collection holds manifests by their kind, so that rare kinds are drawn as often as common ones.
type collection struct {
	judge  judge
	byKind map[string][]json.RawMessage
}

// collect keeps the manifests of built-in kinds that decode as they are.
func collect(judge judge, files []string) [][]json.RawMessage {
	found := collection{judge: judge, byKind: map[string][]json.RawMessage{}}
	for _, file := range files {
		for _, document := range manifest.ReadFile(file) {
			if document.Err == nil {
				found.add(document.Value)
			}
		}
	}
	return found.sorted()
}

// add keeps a manifest, or the items of a list instead of the list.
func (c *collection) add(value json.RawMessage) {
	var head kindOf
	if json.Unmarshal(value, &head) != nil {
		return // What is no object, or has items of another shape, is no manifest.
	}
	if strings.HasSuffix(head.Kind, "List") {
		for _, item := range head.Items {
			c.add(item)
		}
		return
	}
	// Without metadata, there might be no value to replace.
	if head.Metadata == nil || len(value) > maxBytes || !c.judge.decodes(value) {
		return
	}
	kind := head.APIVersion + " " + head.Kind
	c.byKind[kind] = append(c.byKind[kind], value)
}

// sorted returns the manifests of each kind; the kinds are in the order of their names, which makes
// the choice among them repeatable.
func (c *collection) sorted() [][]json.RawMessage {
	var kinds [][]json.RawMessage
	for _, kind := range slices.Sorted(maps.Keys(c.byKind)) {
		kinds = append(kinds, c.byKind[kind])
	}
	return kinds
}
