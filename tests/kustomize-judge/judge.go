package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	"sigs.k8s.io/yaml"
)

// longestError is how much of an error is kept: what went wrong stands at either end.
const longestError = 300

// answer is what kustomize makes of a root: objects, or an error.
type answer struct {
	Objects []json.RawMessage `json:"objects,omitempty"`
	Error   string            `json:"error,omitempty"`
}

// quieten drops the warnings that kustomize prints for each deprecated field, and keeps it from git and servers.
func quieten() error {
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	os.Stderr = nowhere
	log.SetOutput(io.Discard)
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		if err := os.Setenv(name, "http://127.0.0.1:1"); err != nil {
			return err
		}
	}
	return os.Setenv("PATH", "")
}

func inMemory(files map[string]string) filesys.FileSystem {
	made := filesys.MakeFsInMemory()
	for name, text := range files {
		if err := made.WriteFile(path.Join("/", name), []byte(text)); err != nil {
			panic(fmt.Sprintf("%s: %v", name, err))
		}
	}
	return made
}

// judge builds a root as `kustomize build` does.
func judge(files filesys.FileSystem, root string) (made answer) {
	// kustomize panics at some inputs, which is a refusal, too.
	defer func() {
		if reason := recover(); reason != nil {
			made = answer{Error: fmt.Sprintf("panic: %v", reason)}
		}
	}()
	// Schemas that one root brings along would hold for the next.
	openapi.ResetOpenAPI()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, path.Join("/", root))
	if err != nil {
		return answer{Error: shortened(err.Error())}
	}
	made.Objects = []json.RawMessage{}
	for _, resource := range built.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			return answer{Error: shortened(err.Error())}
		}
		object, err := yaml.YAMLToJSON(text)
		if err != nil {
			return answer{Error: "what it prints cannot be read: " + shortened(err.Error())}
		}
		made.Objects = append(made.Objects, object)
	}
	return made
}

// addresses in memory change from run to run.
var addresses = regexp.MustCompile(`0x[0-9a-f]{6,}`)

func shortened(text string) string {
	words := addresses.ReplaceAllString(strings.Join(strings.Fields(text), " "), "…")
	if len(words) > longestError {
		return words[:longestError/2] + " … " + words[len(words)-longestError/2:]
	}
	return words
}
