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
	// LeftOut says why there is no answer.
	LeftOut string `json:"leftOut,omitempty"`
	*answer
}

// elsewhere are the words of errors that tell of something which is not built here: programs and servers.
var elsewhere = []string{"external plugins disabled", "must specify --enable-helm", "connection refused"}

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
			if err := lines.Encode(judgeFolder(root)); err != nil {
				return err
			}
		}
	}
	return lines.Flush()
}

func judgeFolder(root string) local {
	if reason := survey(root, map[string]bool{}); reason != "" {
		return local{Root: root, LeftOut: reason}
	}
	made := judge(filesys.MakeFsOnDisk(), root)
	for _, words := range elsewhere {
		if strings.Contains(made.Error, words) {
			return local{Root: root, LeftOut: made.Error}
		}
	}
	return local{Root: root, answer: &made}
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

// survey says why a root is not built: it is a component, or needs something from elsewhere, itself or by those that
// it refers to.
func survey(root string, seen map[string]bool) string {
	if seen[root] {
		return ""
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
		return ""
	}
	if it.Kind == "Component" && len(seen) == 1 {
		return "a component"
	}
	for _, entry := range slices.Concat(it.Resources, it.Bases, it.Components) {
		path := filepath.Join(root, entry)
		if info, err := os.Stat(path); err != nil {
			if isRemote(entry) {
				return entry
			}
		} else if info.IsDir() {
			if reason := survey(path, seen); reason != "" {
				return reason
			}
		}
	}
	return ""
}

func isRemote(entry string) bool {
	return strings.Contains(entry, "://") || strings.HasPrefix(entry, "git@") || strings.Contains(entry, "?ref=") ||
		strings.HasPrefix(entry, "github.com/")
}
