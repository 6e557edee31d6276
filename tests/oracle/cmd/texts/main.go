// Command texts makes small texts out of manifests, the kind that only a reader's own rules decide: tabs, other
// line breaks, streams of JSON, percent signs. It prints what Kubernetes reads in each, one JSON line per text. With
// -judge it reads lines with a text each instead of making them.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"os"

	"edms-lint/oracle/internal/lines"
	"edms-lint/oracle/internal/manifest"
)

// judged is a text with its documents, each a value or an error.
type judged struct {
	Text      string   `json:"text"`
	Documents []answer `json:"documents"`
}

type answer struct {
	Value json.RawMessage `json:"value,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	number := flag.Int("n", 600, "how many texts")
	seed := flag.Int64("seed", 1, "the same seed makes the same texts")
	others := flag.Bool("judge", false, "judge the texts of standard input")
	flag.Parse()
	var err error
	if *others {
		err = judgeAll(os.Stdin)
	} else {
		err = run(*number, *seed)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "texts:", err)
		os.Exit(1)
	}
}

func run(number int, seed int64) error {
	writer := lines.NewWriter(os.Stdout)
	random := rand.New(rand.NewSource(seed))
	seen := map[string]bool{}
	for len(seen) < number {
		text := draw(random)
		if seen[text] {
			continue
		}
		seen[text] = true
		if err := writer.Write(judge(text)); err != nil {
			return err
		}
	}
	return writer.Flush()
}

// judgeAll reads lines {"text": …} and prints each with its documents.
func judgeAll(input io.Reader) error {
	writer := lines.NewWriter(os.Stdout)
	scanner := bufio.NewScanner(input)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line judged
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			return err
		}
		if err := writer.Write(judge(line.Text)); err != nil {
			return err
		}
	}
	if err := scanner.Err(); err != nil {
		return err
	}
	return writer.Flush()
}

func judge(text string) judged {
	line := judged{Text: text, Documents: []answer{}}
	for _, document := range manifest.Read("", []byte(text)) {
		var value any
		switch err := json.Unmarshal(document.Value, &value); {
		case document.Err != nil:
			line.Documents = append(line.Documents, answer{Error: document.Err.Error()})
		case err != nil:
			line.Documents = append(line.Documents, answer{Error: err.Error()})
		default:
			line.Documents = append(line.Documents, answer{Value: document.Value})
		}
	}
	return line
}
