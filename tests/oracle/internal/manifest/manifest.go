// Package manifest reads files of manifests with the packages that kubectl reads them with.
package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
)

// Document is one document of a file: its value, or the reason why it has none.
type Document struct {
	File   string
	Number int
	Value  json.RawMessage
	Err    error
}

// ReadFile returns the documents of a file in their order, numbered from 1.
//
// Documents that say nothing are left out and take no number, for kubectl does not see them either.
// A file that cannot be read yields a single error with the number 0.
func ReadFile(path string) []Document {
	content, err := os.ReadFile(path)
	if err != nil {
		return []Document{{File: path, Err: err}}
	}
	return Read(path, content)
}

// Read returns the documents of a text, as ReadFile does for that of a file.
func Read(path string, content []byte) []Document {
	var documents []Document
	// kubectl's builder of resources reads each file and its standard input with this decoder and this size.
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), 4096)
	for {
		var raw runtime.RawExtension
		err := decoder.Decode(&raw)
		if err == io.EOF {
			return documents
		}
		document := Document{File: path, Number: len(documents) + 1, Value: raw.Raw, Err: err}
		if err != nil || !saysNothing(document.Value) {
			documents = append(documents, document)
		}
		if err != nil && !goesOn(err) {
			return documents
		}
	}
}

// goesOn tells whether the documents behind an error can be read: kubectl stops at the first, we do not.
func goesOn(err error) bool {
	var inYAML utilyaml.YAMLSyntaxError
	return errors.As(err, &inYAML) && !strings.HasPrefix(err.Error(), "invalid Yaml document separator")
}

// saysNothing tells an empty document, which becomes null.
func saysNothing(value json.RawMessage) bool {
	text := string(bytes.TrimSpace(value))
	return text == "" || text == "null"
}
