package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// fact is a file with an object before and after.
type fact struct {
	Fact string `json:"fact"`
	answer
}

// judgeFacts judges the pairs of a folder in the order of their names.
func judgeFacts(folder string, encoder *json.Encoder) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return err
	}
	judge := newJudge()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		documents := strings.Split(string(text), "\n---\n")
		if len(documents) != 2 {
			return fmt.Errorf("%s: not two documents", file)
		}
		before, err := yaml.YAMLToJSON([]byte(documents[0]))
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		after, err := yaml.YAMLToJSON([]byte(documents[1]))
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		found, err := judge.answer(before, after)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		if err := encoder.Encode(fact{name, found}); err != nil {
			return err
		}
	}
	return nil
}
