// Package manifest reads files of manifests with the packages that kubectl reads them with.
package manifest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
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
	return read(path, content)
}

func read(path string, content []byte) []Document {
	var documents []Document
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
	for {
		text, err := reader.Read()
		if err == io.EOF {
			return documents
		}
		document := Document{File: path, Number: len(documents) + 1}
		if err != nil {
			// The splitter cannot say where the next document begins, so the file ends here.
			document.Err = err
			return append(documents, document)
		}
		document.Value, document.Err = yaml.YAMLToJSON(text)
		if document.Err != nil || !saysNothing(document.Value) {
			documents = append(documents, document)
		}
	}
}

// saysNothing tells an empty document, which becomes null.
func saysNothing(value json.RawMessage) bool {
	return string(bytes.TrimSpace(value)) == "null"
}
