// Command read prints what Kubernetes reads in files of manifests, one JSON line per document.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"edms-lint/oracle/internal/lines"
	"edms-lint/oracle/internal/manifest"
)

// answer is a printed line; it has either a value or an error.
type answer struct {
	File     string          `json:"file"`
	Document int             `json:"document"`
	Value    json.RawMessage `json:"value,omitempty"`
	Error    string          `json:"error,omitempty"`
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: read FILE... (a FILE of - reads the list of files from standard input)")
		os.Exit(2)
	}
	arguments := os.Args[1:]
	if arguments[0] == "-count" {
		count(arguments[1:])
		return
	}
	if err := run(arguments, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "read:", err)
		os.Exit(1)
	}
}

// count reads the files and says only how many documents there are: the reader's own work, for comparison.
func count(files []string) {
	documents := 0
	for _, file := range files {
		documents += len(manifest.ReadFile(file))
	}
	fmt.Println(documents)
}

func run(arguments []string, list io.Reader, target io.Writer) error {
	files, err := manifest.Files(arguments, list)
	if err != nil {
		return err
	}
	writer := lines.NewWriter(target)
	for _, file := range files {
		for _, document := range manifest.ReadFile(file) {
			if err := writer.Write(answerFor(document)); err != nil {
				return err
			}
		}
	}
	return writer.Flush()
}

func answerFor(document manifest.Document) answer {
	line := answer{File: document.File, Document: document.Number}
	if document.Err != nil {
		line.Error = document.Err.Error()
		return line
	}
	// The API server reads the JSON again, and refuses what nests deeper than its decoder goes.
	var value any
	if err := json.Unmarshal(document.Value, &value); err != nil {
		line.Error = err.Error()
		return line
	}
	line.Value = document.Value
	return line
}
