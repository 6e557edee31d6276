package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"edms-lint/validation-judge/server"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"sigs.k8s.io/yaml"
)

//go:embed seeds/*.yaml
var files embed.FS

// seed is a manifest that is accepted, with all its places.
type seed struct {
	name     string
	manifest map[string]any
	places   []place
}

// readSeeds reads the seeds in the order of their files, and makes sure that each is accepted.
func readSeeds(judge server.Server) ([]seed, error) {
	entries, err := files.ReadDir("seeds")
	if err != nil {
		return nil, err
	}
	var seeds []seed
	for _, entry := range entries {
		text, err := files.ReadFile("seeds/" + entry.Name())
		if err != nil {
			return nil, err
		}
		for _, document := range strings.Split(string(text), "\n---\n") {
			read, err := readSeed(document, judge)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", entry.Name(), err)
			}
			seeds = append(seeds, read)
		}
	}
	return seeds, nil
}

func readSeed(document string, judge server.Server) (seed, error) {
	text, err := yaml.YAMLToJSON([]byte(document))
	if err != nil {
		return seed{}, err
	}
	var manifest map[string]any
	if err := json.Unmarshal(text, &manifest); err != nil {
		return seed{}, err
	}
	kind := schema.FromAPIVersionAndKind(manifest["apiVersion"].(string), manifest["kind"].(string))
	name := kind.Kind + "/" + manifest["metadata"].(map[string]any)["name"].(string)
	refused, err := judge.Create(text)
	if err != nil || len(refused) > 0 {
		return seed{}, fmt.Errorf("%s is refused: %v %v", name, refused, err)
	}
	object, err := legacyscheme.Scheme.New(kind)
	if err != nil {
		return seed{}, err
	}
	return seed{name, manifest, places(manifest, reflect.TypeOf(object).Elem())}, nil
}
