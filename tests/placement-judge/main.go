// Command placement-judge prints environments, and what becomes of their pods when Kubernetes' scheduler places them.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

func main() {
	number := flag.Int("n", 0, "how many environments to draw; without it they are read from standard input")
	seed := flag.Uint64("seed", 1, "which environments, and which perturbations")
	runs := flag.Int("runs", 10, "how many perturbations of each are run")
	flag.Parse()
	// The scheduler reports each pod that it cannot place; the lines say so, too.
	klog.SetLogger(logr.Discard())
	if err := run(*number, *seed, *runs); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(number int, seed uint64, runs int) error {
	environments, err := read(os.Stdin, number == 0)
	if err != nil {
		return err
	}
	if number > 0 {
		environments = draw(seed, number)
	}
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for at, it := range environments {
		if err := judge(it, seed<<32+uint64(at), runs); err != nil {
			return fmt.Errorf("%s: %w", it.Name, err)
		}
		if err := encoder.Encode(it); err != nil {
			return err
		}
	}
	return out.Flush()
}

func read(from io.Reader, asked bool) ([]*environment, error) {
	var all []*environment
	for lines := json.NewDecoder(from); asked; {
		it := &environment{}
		if err := lines.Decode(it); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		all = append(all, it)
	}
	return all, nil
}

// draw makes the pairs, and so many environments besides.
func draw(seed uint64, number int) []*environment {
	random := rand.New(rand.NewPCG(seed, 0))
	all := pairs()
	for at := range number {
		all = append(all, generate(fmt.Sprintf("drawn-%d", at), random))
	}
	return all
}
