package main

import (
	"reflect"
	"strings"
	"unicode"
)

// change is an edit of a value, by its type.
func (d *drawer) change(at place) edit {
	if d.IntN(6) == 0 {
		return edit{At: at.path, Drop: true}
	}
	if d.IntN(40) == 0 {
		return edit{At: at.path}
	}
	switch {
	case at.kind == quantityType:
		return edit{At: at.path, Put: one(d, quantities)}
	case at.kind == amountType && strings.Contains(strings.ToLower(at.name()), "port"):
		return edit{At: at.path, Put: one(d, portNames)}
	case at.kind == amountType:
		return edit{At: at.path, Put: one(d, amounts)}
	}
	switch at.kind.Kind() {
	case reflect.Int32, reflect.Int64:
		return edit{At: at.path, Put: d.number(at.value)}
	case reflect.String:
		text, _ := at.value.(string)
		return edit{At: at.path, Put: d.text(text)}
	case reflect.Bool:
		return edit{At: at.path, Put: at.value != true}
	case reflect.Slice:
		return d.changeList(at)
	case reflect.Map:
		return d.changeMap(at)
	}
	return edit{At: at.path, Put: map[string]any{}}
}

func (d *drawer) changeList(at place) edit {
	items, _ := at.value.([]any)
	switch choice := d.IntN(6); {
	case len(items) == 0 || choice == 0:
		return edit{At: at.path, Put: []any{}}
	case choice == 1:
		return edit{At: extended(at.path, d.IntN(len(items))), Drop: true}
	case choice == 2 && at.kind.Elem().Kind() == reflect.Struct:
		return edit{At: extended(at.path, len(items)), Put: map[string]any{}}
	}
	return edit{At: extended(at.path, len(items)), Copy: extended(at.path, d.IntN(len(items)))}
}

func (d *drawer) changeMap(at place) edit {
	fields, _ := at.value.(map[string]any)
	keys := sortedKeys(fields)
	if len(keys) == 0 || d.IntN(5) == 0 {
		return edit{At: at.path, Put: map[string]any{}}
	}
	key := one(d, keys)
	if d.IntN(2) == 0 {
		return edit{At: extended(at.path, d.text(key)), Copy: extended(at.path, key)}
	}
	if text, ok := fields[key].(string); ok && at.kind.Elem() != quantityType {
		return edit{At: extended(at.path, key), Put: d.text(text)}
	}
	return edit{At: extended(at.path, one(d, resources)), Copy: extended(at.path, key)}
}

// Values at and beyond the bounds that there are.
var (
	quantities = []any{"-1", "0", 0, "1.5", "500m", 0.5, "1k", "-100Mi", "abc", "1.5.2", "10GiB", "100mb", "1e3", "", "1Ti", "0.1m", "100Gi"}
	amounts    = []any{-1, 0, 1, 5, 100, "50%", "0%", "100%", "150%", "-10%", "abc", "5", "one", "1.5%", "", "%"}
	portNames  = []any{0, -1, 65536, 80, "http", "HTTP", "a_b", "way-too-long-port-name", "80", "a--b", "", "-a"}
	numbers    = []any{-1, 0, 1, 2, 5, 101, 601, 1801, 3601, 40000, 65536, 70000, 86401, 1000000001, 2147483647, -2147483648, 511, 512}
	resources  = []any{"cpus", "memory", "cpu", "mem", "gpu", "nvidia.com/gpu", "ephemeral-storage", "storage", "requests.cpu", "pods", "hugepages-2Mi", "CPU", "requests.storage", "services"}
)

func (d *drawer) number(value any) any {
	if number, ok := value.(float64); ok && d.IntN(6) == 0 {
		return int(number) + 1 - 2*d.IntN(2)
	}
	return one(d, numbers)
}

// text is a text that is near another one.
func (d *drawer) text(text string) string {
	return one(d, texts)(text)
}

var texts = []func(string) string{
	strings.ToLower,
	strings.ToUpper,
	turned,
	func(it string) string { return it[:len(it)/2] + it[min(len(it), len(it)/2+1):] },
	func(it string) string { return it + "_x" },
	func(it string) string { return "-" + it },
	func(it string) string { return it + "-" },
	func(it string) string { return it + ".b" },
	func(it string) string { return it + "..b" },
	func(it string) string { return it + " b" },
	func(it string) string { return " " + it },
	func(it string) string { return strings.TrimPrefix(it, "/") },
	func(it string) string { return "/" + it },
	func(it string) string { return it + "/../b" },
	func(it string) string { return "*." + it },
	func(it string) string { return it + "=" },
	func(it string) string { return it + ":1" },
	func(string) string { return "" },
	func(string) string { return "None" },
	func(string) string { return "0" },
	func(string) string { return "unknown" },
	func(string) string { return strings.Repeat("a", 64) },
	func(string) string { return strings.Repeat("a", 254) },
	func(string) string { return strings.Repeat("ab.", 20) + "c" },
}

// turned has the case of the first letter turned.
func turned(text string) string {
	for _, first := range text {
		other := unicode.ToUpper(first)
		if other == first {
			other = unicode.ToLower(first)
		}
		return string(other) + strings.TrimPrefix(text, string(first))
	}
	return "A"
}
