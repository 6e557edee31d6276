package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// local is a line: a folder with a kustomization, and what becomes of it.
type local struct {
	Root string `json:"root"`
	// Remote is what it needs from elsewhere. It is not built then.
	Remote string `json:"remote,omitempty"`
	// IsComponent holds where only others can use it.
	IsComponent bool `json:"component,omitempty"`
	*answer
}

// judgeFolders builds every kustomization below some folders.
func judgeFolders(to io.Writer, folders []string) error {
	lines, err := newLines(to)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		roots, err := rootsBelow(folder)
		if err != nil {
			return err
		}
		for _, root := range roots {
			it := local{Root: root}
			it.Remote, it.IsComponent = survey(root, map[string]bool{})
			if it.Remote == "" && !it.IsComponent {
				made := judge(filesys.MakeFsOnDisk(), root)
				it.answer = &made
			}
			if err := lines.Encode(it); err != nil {
				return err
			}
		}
	}
	return lines.Flush()
}

// rootsBelow are the folders with a kustomization, as absolute paths, in order.
func rootsBelow(folder string) ([]string, error) {
	whole, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	var roots []string
	err = filepath.WalkDir(whole, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && slices.Contains(konfig.RecognizedKustomizationFileNames(), entry.Name()) {
			roots = append(roots, filepath.Dir(path))
		}
		return err
	})
	slices.Sort(roots)
	return slices.Compact(roots), err
}

// survey says what a root needs from elsewhere, itself or by those that it refers to, and whether it is a component.
func survey(root string, seen map[string]bool) (remote string, isComponent bool) {
	if seen[root] {
		return "", false
	}
	seen[root] = true
	var text []byte
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if read, err := os.ReadFile(filepath.Join(root, name)); err == nil {
			text = read
		}
	}
	var it struct {
		Kind                         string
		Resources, Bases, Components []string
	}
	// What cannot be read is refused when it is built.
	if yaml.Unmarshal(text, &it) != nil {
		return "", false
	}
	for _, entry := range slices.Concat(it.Resources, it.Bases, it.Components) {
		path := filepath.Join(root, entry)
		if info, err := os.Stat(path); err != nil {
			if isRemote(entry) {
				return entry, false
			}
		} else if info.IsDir() {
			if remote, _ := survey(path, seen); remote != "" {
				return remote, false
			}
		}
	}
	return "", it.Kind == "Component"
}

func isRemote(entry string) bool {
	return strings.Contains(entry, "://") || strings.HasPrefix(entry, "git@") || strings.Contains(entry, "?ref=") ||
		strings.HasPrefix(entry, "github.com/")
}
