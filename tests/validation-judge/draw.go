package main

import (
	"encoding/json"
	"math"
	"math/rand/v2"
)

// drawer draws changed manifests, none twice, and none that is a seed again.
type drawer struct {
	*rand.Rand
	seeds []seed
	// weights are sums: a seed is drawn more often the more places it has.
	weights []float64
	seen    map[string]bool
}

func newDrawer(seeds []seed, random *rand.Rand) *drawer {
	sum := 0.0
	weights := make([]float64, len(seeds))
	for at, seed := range seeds {
		sum += math.Sqrt(float64(len(seed.places)))
		weights[at] = sum
	}
	drawer := &drawer{random, seeds, weights, map[string]bool{}}
	for _, seed := range seeds {
		drawer.isNew(seed.manifest)
	}
	return drawer
}

// draw is a seed's name with edits, and the manifest that they make.
func (d *drawer) draw() (string, []edit, map[string]any) {
	for {
		seed := d.seed()
		edits := []edit{d.edit(seed)}
		if d.IntN(8) == 0 {
			edits = append(edits, d.edit(seed))
		}
		manifest, err := edited(seed.manifest, edits)
		if err != nil {
			continue // The second edit is about something that the first took away.
		}
		if d.isNew(manifest) {
			return seed.name, edits, manifest
		}
	}
}

func (d *drawer) isNew(manifest map[string]any) bool {
	text, err := json.Marshal(manifest)
	if err != nil || d.seen[string(text)] {
		return false
	}
	d.seen[string(text)] = true
	return true
}

func (d *drawer) seed() seed {
	wanted := d.Float64() * d.weights[len(d.weights)-1]
	for at, sum := range d.weights {
		if wanted < sum {
			return d.seeds[at]
		}
	}
	return d.seeds[len(d.seeds)-1]
}

// edit changes what is there, or adds what its type could have.
func (d *drawer) edit(seed seed) edit {
	if d.IntN(3) == 0 {
		var fitting []place
		for _, it := range seed.places {
			if len(additions[it.kind.Name()]) > 0 {
				fitting = append(fitting, it)
			}
		}
		if len(fitting) > 0 {
			at := one(d, fitting)
			chosen := one(d, additions[at.kind.Name()])
			return edit{At: extended(at.path, chosen.key), Put: chosen.value}
		}
	}
	return d.change(one(d, seed.places))
}

func one[T any](d *drawer, of []T) T {
	return of[d.IntN(len(of))]
}
