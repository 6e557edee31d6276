package main

import (
	"reflect"
	"slices"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// place is a value in a manifest, with the Go type of its field.
type place struct {
	path  []any
	kind  reflect.Type
	value any
}

// name is the last key on the way to a place.
func (p place) name() string {
	for _, step := range slices.Backward(p.path) {
		if text, ok := step.(string); ok {
			return text
		}
	}
	return ""
}

// Types that are written as one value.
var (
	quantityType = reflect.TypeFor[resource.Quantity]()
	amountType   = reflect.TypeFor[intstr.IntOrString]()
)

// places lists all values below the root, but for the kind of the object.
func places(manifest map[string]any, kind reflect.Type) []place {
	var found []place
	collect(&found, place{nil, kind, manifest})
	return slices.DeleteFunc(found, func(it place) bool {
		return len(it.path) == 0 || it.path[0] == "apiVersion" || it.path[0] == "kind"
	})
}

func collect(found *[]place, at place) {
	for at.kind.Kind() == reflect.Pointer {
		at.kind = at.kind.Elem()
	}
	*found = append(*found, at)
	if at.kind == quantityType || at.kind == amountType {
		return
	}
	switch value := at.value.(type) {
	case map[string]any:
		for _, key := range sortedKeys(value) {
			if kind := fieldType(at.kind, key); kind != nil {
				collect(found, place{extended(at.path, key), kind, value[key]})
			}
		}
	case []any:
		if at.kind.Kind() != reflect.Slice {
			return
		}
		for index, item := range value {
			collect(found, place{extended(at.path, index), at.kind.Elem(), item})
		}
	}
}

// fieldType is the type of a key of a struct or map, or nil.
func fieldType(kind reflect.Type, key string) reflect.Type {
	switch kind.Kind() {
	case reflect.Map:
		return kind.Elem()
	case reflect.Struct:
		for at := range kind.NumField() {
			field := kind.Field(at)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == key {
				return field.Type
			}
			if name == "" && field.Anonymous {
				if found := fieldType(field.Type, key); found != nil {
					return found
				}
			}
		}
	}
	return nil
}

func extended(path []any, step any) []any {
	return append(slices.Clone(path), step)
}

func sortedKeys(values map[string]any) []string {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
