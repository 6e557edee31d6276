// Package server does to objects what the API server does before it stores them.
package server

import (
	"context"
	"errors"
	"fmt"

	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	genericrequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/capabilities"
)

// Refusal is a field that validation refuses. What does not decode has no field.
type Refusal struct {
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
}

// ErrNoStrategy says that a kind is not among those that are judged.
var ErrNoStrategy = errors.New("no strategy")

// Server decodes and validates.
type Server struct {
	decoder runtime.Decoder
}

// New starts it.
func New() Server {
	// Every installer starts the API server with --allow-privileged.
	capabilities.Initialize(capabilities.Capabilities{AllowPrivileged: true})
	// Decodes any served version, sets defaults, and converts to the version that is validated.
	return Server{legacyscheme.Codecs.UniversalDecoder()}
}

// subject is an object and how its kind is treated.
type subject struct {
	object   runtime.Object
	kind     *schema.GroupVersionKind
	strategy strategy
}

// decode reads an object. What does not decode is refused.
func (s Server) decode(manifest []byte) (*subject, []Refusal, error) {
	object, kind, err := s.decoder.Decode(manifest, nil, nil)
	if err != nil {
		return nil, []Refusal{{Reason: shortened(err.Error())}}, nil
	}
	strategy, ok := strategies[kind.GroupKind()]
	if !ok {
		return nil, nil, fmt.Errorf("%w for %s", ErrNoStrategy, kind)
	}
	return &subject{object, kind, strategy}, nil, nil
}

// context is the request that brings the object.
func (s *subject) context(verb string) (context.Context, error) {
	accessor, err := meta.Accessor(s.object)
	if err != nil {
		return nil, err
	}
	namespace := accessor.GetNamespace()
	if namespace == "" && s.strategy.NamespaceScoped() {
		namespace = "default"
	}
	request := &genericrequest.RequestInfo{
		IsResourceRequest: true, Verb: verb, APIGroup: s.kind.Group, APIVersion: s.kind.Version, Namespace: namespace,
	}
	return genericrequest.WithNamespace(genericrequest.WithRequestInfo(context.Background(), request), namespace), nil
}

// normalize does what the storage of Services does before it validates.
func (s *subject) normalize() {
	if it, ok := s.object.(*core.Service); ok && it.Spec.ClusterIP != "" && len(it.Spec.ClusterIPs) == 0 {
		it.Spec.ClusterIPs = []string{it.Spec.ClusterIP}
	}
}

// causes are the fields of an error, each once.
func causes(err error) []Refusal {
	if err == nil {
		return nil
	}
	var status *kerrors.StatusError
	if !errors.As(err, &status) || status.ErrStatus.Details == nil || len(status.ErrStatus.Details.Causes) == 0 {
		return []Refusal{{Reason: shortened(err.Error())}}
	}
	var found []Refusal
	seen := map[Refusal]bool{}
	for _, cause := range status.ErrStatus.Details.Causes {
		it := Refusal{cause.Field, shortened(cause.Message)}
		// Allocators, which give a Service its addresses and ports, did not run.
		isAllocated := cause.Field == "spec.clusterIPs" || cause.Field == "spec.healthCheckNodePort"
		if seen[it] || isAllocated && it.Reason == "Required value" {
			continue
		}
		seen[it] = true
		found = append(found, it)
	}
	return found
}

// The longest reason that is kept.
const longest = 200

func shortened(text string) string {
	if len(text) <= longest {
		return text
	}
	return text[:longest/2] + "…" + text[len(text)-longest/2:]
}
