package main

import (
	"encoding/json"
	"fmt"
)

// edit puts a value at a place (null if it names none), a copy of what is at another one, or takes away what is there.
// An index of a list's length appends.
type edit struct {
	At   []any `json:"at"`
	Put  any   `json:"put,omitempty"`
	Copy []any `json:"copy,omitempty"`
	Drop bool  `json:"drop,omitempty"`
}

// edited is a copy of a manifest with edits.
func edited(manifest map[string]any, edits []edit) (map[string]any, error) {
	root, err := copied(manifest)
	if err != nil {
		return nil, err
	}
	for _, edit := range edits {
		if root, err = apply(root, edit, root, edit.At); err != nil {
			return nil, err
		}
	}
	return root.(map[string]any), nil
}

// apply changes what is at the path below a node, and returns the node.
func apply(node any, edit edit, root any, path []any) (any, error) {
	if len(path) == 0 {
		if len(edit.Copy) > 0 {
			return valueAt(root, edit.Copy)
		}
		return copied(edit.Put)
	}
	switch step := path[0].(type) {
	case string:
		return applyKey(node, edit, root, step, path[1:])
	case int:
		return applyIndex(node, edit, root, step, path[1:])
	}
	return nil, fmt.Errorf("%v is no step", path[0])
}

func applyKey(node any, edit edit, root any, key string, rest []any) (any, error) {
	fields, ok := node.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("no map holds %s", key)
	}
	if edit.Drop && len(rest) == 0 {
		delete(fields, key)
		return fields, nil
	}
	value, err := apply(fields[key], edit, root, rest)
	fields[key] = value
	return fields, err
}

func applyIndex(node any, edit edit, root any, index int, rest []any) (any, error) {
	items, ok := node.([]any)
	if !ok || index > len(items) || index == len(items) && (edit.Drop || len(rest) > 0) {
		return nil, fmt.Errorf("no list holds item %d", index)
	}
	if edit.Drop && len(rest) == 0 {
		return append(items[:index:index], items[index+1:]...), nil
	}
	if index == len(items) {
		items = append(items, nil)
	}
	value, err := apply(items[index], edit, root, rest)
	items[index] = value
	return items, err
}

func valueAt(node any, path []any) (any, error) {
	for _, step := range path {
		var found bool
		switch step := step.(type) {
		case string:
			var fields map[string]any
			if fields, found = node.(map[string]any); found {
				node, found = fields[step]
			}
		case int:
			var items []any
			if items, found = node.([]any); found && step < len(items) {
				node = items[step]
			} else {
				found = false
			}
		}
		if !found {
			return nil, fmt.Errorf("nothing is at %v", path)
		}
	}
	return copied(node)
}

// copied is a value of its own, as JSON has it.
func copied(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var read any
	err = json.Unmarshal(text, &read)
	return read, err
}
