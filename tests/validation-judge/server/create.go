package server

import (
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apiserver/pkg/registry/rest"
)

// Create creates an object as the API server does, without admission and without storing it, and returns what is
// refused.
func (s Server) Create(manifest []byte) ([]Refusal, error) {
	subject, refused, err := s.decode(manifest)
	if subject == nil {
		return refused, err
	}
	return subject.create()
}

func (s *subject) create() ([]Refusal, error) {
	accessor, err := meta.Accessor(s.object)
	if err != nil {
		return nil, err
	}
	ctx, err := s.context("create")
	if err != nil {
		return nil, err
	}
	rest.FillObjectMetaSystemFields(accessor)
	accessor.SetUID("00000000-0000-4000-8000-000000000000")
	if accessor.GetName() == "" && accessor.GetGenerateName() != "" {
		name := s.strategy.GenerateName(accessor.GetGenerateName())
		accessor.SetName(name[:len(name)-len(suffix)] + suffix)
	}
	s.normalize()
	return causes(rest.BeforeCreate(s.strategy, ctx, s.object)), nil
}

// What stands for the characters that the server draws, so that answers do not change from run to run.
const suffix = "abcde"
