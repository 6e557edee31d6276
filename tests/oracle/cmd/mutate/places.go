package main

import (
	"maps"
	"slices"
)

// place is a value inside a manifest, with the way to replace it.
type place struct {
	path    []any // The keys and list indexes that lead to the value.
	value   any
	replace func(any)
}

// placesIn returns every place in the manifest except those that say what it is: without them no
// decoder could be chosen. Keys are visited in their order, which makes the choice repeatable.
func placesIn(manifest map[string]any) []place {
	places := below(nil, manifest)
	return slices.DeleteFunc(places, func(it place) bool {
		return len(it.path) == 1 && (it.path[0] == "apiVersion" || it.path[0] == "kind")
	})
}

// below returns the places inside a value, each before those inside it.
func below(path []any, value any) []place {
	var places []place
	visit := func(step, child any, replace func(any)) {
		here := append(slices.Clone(path), step)
		places = append(places, place{path: here, value: child, replace: replace})
		places = append(places, below(here, child)...)
	}
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			visit(key, value[key], func(it any) { value[key] = it })
		}
	case []any:
		for index, item := range value {
			visit(index, item, func(it any) { value[index] = it })
		}
	}
	return places
}
