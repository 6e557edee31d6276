// Command validation-judge changes manifests and prints what the API server's create validation makes of them.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"

	"edms-lint/validation-judge/server"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

// answer is a line: a seed, what was changed in it, and what is refused; nothing of an accepted one.
type answer struct {
	Seed    string           `json:"seed"`
	Edits   []edit           `json:"edits"`
	Refused []server.Refusal `json:"refused,omitempty"`
}

func main() {
	number := flag.Int("n", 3000, "how many manifests")
	seed := flag.Uint64("seed", 1, "which ones")
	flag.Parse()
	klog.SetLogger(logr.Discard())
	if err := run(*number, *seed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(number int, seed uint64) error {
	judge := server.New()
	seeds, err := readSeeds(judge)
	if err != nil {
		return err
	}
	drawer := newDrawer(seeds, rand.New(rand.NewPCG(seed, 0)))
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for range number {
		seed, edits, manifest := drawer.draw()
		text, err := json.Marshal(manifest)
		if err != nil {
			return err
		}
		refused, err := judge.Create(text)
		if err != nil {
			return fmt.Errorf("%s, %v: %w", seed, edits, err)
		}
		if err := encoder.Encode(answer{seed, edits, refused}); err != nil {
			return err
		}
	}
	return out.Flush()
}
