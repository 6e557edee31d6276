// Command disruption-judge prints environments and what Kubernetes' disruption controller makes of their budgets.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

// environment is a line: manifests, the namespace of those that leave it out, and the budgets' statuses.
type environment struct {
	Namespace string           `json:"namespace"`
	Objects   []map[string]any `json:"objects"`
	Budgets   []verdict        `json:"budgets"`
}

// verdict is the status of a budget.
type verdict struct {
	Name     string `json:"name"`
	Allowed  int32  `json:"allowed"`
	Expected int32  `json:"expected"`
	Desired  int32  `json:"desired"`
	Healthy  int32  `json:"healthy"`
	Failed   bool   `json:"failed,omitempty"`
	// Running is the number that is allowed while Jobs run; left out where it is the same.
	Running *int32 `json:"running,omitempty"`
}

func main() {
	number := flag.Int("n", 1000, "how many environments")
	seed := flag.Uint64("seed", 1, "which ones")
	flag.Parse()
	// The controller reports each budget that it cannot compute; the lines say so, too.
	klog.SetLogger(logr.Discard())
	if err := run(*number, *seed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(number int, seed uint64) error {
	random := rand.New(rand.NewPCG(seed, 0))
	environments := make([]*environment, number)
	for at := range environments {
		environments[at] = generate(random)
	}
	if err := judge(environments); err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for _, it := range environments {
		if err := encoder.Encode(it); err != nil {
			return err
		}
	}
	return out.Flush()
}
