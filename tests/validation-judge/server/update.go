package server

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/apis/batch"
	"k8s.io/kubernetes/pkg/apis/core"
)

// Update replaces an object that the server holds by another one, as the API server does, and returns what is refused.
// Whether the first one can be created is for the caller to ask.
func (s Server) Update(before, after []byte) ([]Refusal, error) {
	old, refused, err := s.decode(before)
	if old == nil {
		return refused, err
	}
	old.allocate()
	if refused, err := old.create(); err != nil || len(refused) > 0 {
		return refused, err
	}
	stored, err := meta.Accessor(old.object)
	if err != nil {
		return nil, err
	}
	stored.SetResourceVersion("1")
	now, refused, err := s.decode(after)
	if now == nil {
		return refused, err
	}
	sent, err := meta.Accessor(now.object)
	if err != nil {
		return nil, err
	}
	ctx, err := now.context("update")
	if err != nil {
		return nil, err
	}
	sent.SetResourceVersion("1")
	if sent.GetName() == "" && strings.HasPrefix(stored.GetName(), sent.GetGenerateName()) {
		sent.SetName(stored.GetName())
	}
	now.normalize()
	now.keepGiven(old)
	return causes(rest.BeforeUpdate(now.strategy, ctx, now.object, old.object)), nil
}

// allocate gives a Service what allocators give: an address, of one family.
func (s *subject) allocate() {
	it, ok := s.object.(*core.Service)
	if !ok || it.Spec.Type == core.ServiceTypeExternalName {
		return
	}
	if it.Spec.ClusterIP == "" {
		it.Spec.ClusterIP = "10.96.0.10"
	}
	if it.Spec.IPFamilyPolicy == nil {
		single := core.IPFamilyPolicySingleStack
		it.Spec.IPFamilyPolicy = &single
	}
	if len(it.Spec.IPFamilies) == 0 {
		it.Spec.IPFamilies = []core.IPFamily{core.IPv4Protocol}
	}
}

// keepGiven fills in what the server gave before, which is in no manifest: the storage of Services does so, and clients
// that merge what they apply into what is stored.
func (s *subject) keepGiven(of *subject) {
	switch now := s.object.(type) {
	case *core.Service:
		if old, ok := of.object.(*core.Service); ok && now.Spec.Type != core.ServiceTypeExternalName {
			keepAllocated(now, old)
		}
	case *batch.Job:
		if old, ok := of.object.(*batch.Job); ok && now.Spec.Selector == nil {
			keepSelector(now, old)
		}
	}
}

// keepSelector keeps the selector that a Job is given, and the labels that it selects by.
func keepSelector(now, old *batch.Job) {
	now.Spec.Selector = old.Spec.Selector
	if now.Spec.Template.Labels == nil {
		now.Spec.Template.Labels = map[string]string{}
	}
	for key, value := range old.Spec.Template.Labels {
		if strings.HasPrefix(key, "batch.kubernetes.io/") || key == "job-name" || key == "controller-uid" {
			now.Spec.Template.Labels[key] = value
		}
	}
}

func keepAllocated(now, old *core.Service) {
	if now.Spec.ClusterIP == "" {
		now.Spec.ClusterIP, now.Spec.ClusterIPs = old.Spec.ClusterIP, old.Spec.ClusterIPs
	}
	if now.Spec.IPFamilyPolicy == nil {
		now.Spec.IPFamilyPolicy = old.Spec.IPFamilyPolicy
	}
	if len(now.Spec.IPFamilies) == 0 {
		now.Spec.IPFamilies = old.Spec.IPFamilies
	}
}
