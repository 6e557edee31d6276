package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"

	"edms-lint/oracle/internal/lines"
)

// mutation is a printed line: a manifest with one value replaced, and its verdict.
type mutation struct {
	Manifest json.RawMessage `json:"manifest"`
	Path     []any           `json:"path"`
	Put      string          `json:"put"`
	verdict
}

// replacements are the values that take another value's place. The second string is a number to a
// lenient reader, and the two numbers tell readers of integers from readers of floats.
var replacements = []any{
	nil,
	true,
	"edms",
	"3",
	json.Number("3"),
	json.Number("1.5"),
	[]any{"edms"},
	map[string]any{"edms": "edms"},
}

var errNoManifests = errors.New("no file holds a manifest of a built-in kind")

// generate writes the given number of mutations; the same files and seed give the same bytes.
func generate(files []string, count int, seed uint64, writer *lines.Writer) error {
	judge := newJudge()
	kinds := collect(judge, files)
	if len(kinds) == 0 {
		return errNoManifests
	}
	random := rand.New(rand.NewPCG(seed, 0))
	for range count {
		manifest := pick(random, pick(random, kinds))
		mutation, err := mutate(random, manifest)
		if err != nil {
			return err
		}
		mutation.verdict = judge.verdict(mutation.Manifest)
		if err := writer.Write(mutation); err != nil {
			return err
		}
	}
	return nil
}

// mutate replaces one value of the manifest by a value of another type.
func mutate(random *rand.Rand, manifest json.RawMessage) (mutation, error) {
	tree, err := parse(manifest)
	if err != nil {
		return mutation{}, err
	}
	place := pick(random, placesIn(tree))
	replacement := pick(random, replacementsFor(place.value))
	place.replace(replacement)
	changed, err := json.Marshal(tree)
	return mutation{Manifest: changed, Path: place.path, Put: typeName(replacement)}, err
}

// parse keeps numbers as they are written, because their spelling decides how they decode.
func parse(manifest json.RawMessage) (map[string]any, error) {
	var tree map[string]any
	decoder := json.NewDecoder(bytes.NewReader(manifest))
	decoder.UseNumber()
	err := decoder.Decode(&tree)
	return tree, err
}

func replacementsFor(value any) []any {
	var others []any
	for _, replacement := range replacements {
		if typeName(replacement) != typeName(value) {
			others = append(others, replacement)
		}
	}
	return others
}

// typeName names a JSON type; integers and floats count as two types.
func typeName(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return "float"
		}
		return "integer"
	case []any:
		return "array"
	default:
		return "object"
	}
}

func pick[T any](random *rand.Rand, choices []T) T {
	return choices[random.IntN(len(choices))]
}
