// Command update-judge prints what the API server makes of objects that replace others, or that are new.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

func main() {
	facts := flag.String("facts", "", "a folder with pairs to judge in place of standard input")
	flag.Parse()
	klog.SetLogger(logr.Discard())
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	var err error
	if *facts != "" {
		err = judgeFacts(*facts, encoder)
	} else {
		err = judgeLines(os.Stdin, encoder)
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// change is a line of the input: an object before and after, or a new one. What else it says is repeated.
type change struct {
	Case   string          `json:"case,omitempty"`
	Texts  string          `json:"texts,omitempty"`
	Object string          `json:"object,omitempty"`
	Result string          `json:"result,omitempty"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// judged is a line of the output.
type judged struct {
	Case   string `json:"case,omitempty"`
	Texts  string `json:"texts,omitempty"`
	Object string `json:"object,omitempty"`
	Result string `json:"result,omitempty"`
	answer
}

func judgeLines(lines io.Reader, encoder *json.Encoder) error {
	decoder := json.NewDecoder(lines)
	judge := newJudge()
	for {
		var it change
		if err := decoder.Decode(&it); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		// A case of which nothing comes: that it was asked about is all there is to keep.
		var found answer
		if it.After != nil {
			var err error
			if found, err = judge.answer(it.Before, it.After); err != nil {
				return fmt.Errorf("%s, %s: %w", it.Case, it.Object, err)
			}
		}
		if err := encoder.Encode(judged{it.Case, it.Texts, it.Object, it.Result, found}); err != nil {
			return err
		}
	}
}
