package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	genericrequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
	"k8s.io/kubernetes/pkg/capabilities"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolume"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/replicationcontroller"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/ingressclass"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
	"k8s.io/kubernetes/pkg/registry/storage/storageclass"
)

// strategies are what the API server asks when an object of a kind is created.
var strategies = map[schema.GroupKind]rest.RESTCreateStrategy{
	{Group: "apps", Kind: "DaemonSet"}:                               daemonset.Strategy,
	{Group: "apps", Kind: "Deployment"}:                              deployment.Strategy,
	{Group: "apps", Kind: "ReplicaSet"}:                              replicaset.Strategy,
	{Group: "apps", Kind: "StatefulSet"}:                             statefulset.Strategy,
	{Group: "autoscaling", Kind: "HorizontalPodAutoscaler"}:          horizontalpodautoscaler.Strategy,
	{Group: "batch", Kind: "CronJob"}:                                cronjob.Strategy,
	{Group: "batch", Kind: "Job"}:                                    job.Strategy,
	{Group: "", Kind: "ConfigMap"}:                                   configmap.Strategy,
	{Group: "", Kind: "LimitRange"}:                                  limitrange.Strategy,
	{Group: "", Kind: "Namespace"}:                                   namespace.Strategy,
	{Group: "", Kind: "PersistentVolume"}:                            persistentvolume.Strategy,
	{Group: "", Kind: "PersistentVolumeClaim"}:                       persistentvolumeclaim.Strategy,
	{Group: "", Kind: "Pod"}:                                         pod.Strategy,
	{Group: "", Kind: "ReplicationController"}:                       replicationcontroller.Strategy,
	{Group: "", Kind: "ResourceQuota"}:                               resourcequota.Strategy,
	{Group: "", Kind: "Secret"}:                                      secret.Strategy,
	{Group: "", Kind: "Service"}:                                     service.Strategy,
	{Group: "", Kind: "ServiceAccount"}:                              serviceaccount.Strategy,
	{Group: "networking.k8s.io", Kind: "Ingress"}:                    ingress.Strategy,
	{Group: "networking.k8s.io", Kind: "IngressClass"}:               ingressclass.Strategy,
	{Group: "networking.k8s.io", Kind: "NetworkPolicy"}:              networkpolicy.Strategy,
	{Group: "policy", Kind: "PodDisruptionBudget"}:                   poddisruptionbudget.Strategy,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole"}:        clusterrole.Strategy,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}: clusterrolebinding.Strategy,
	{Group: "rbac.authorization.k8s.io", Kind: "Role"}:               role.Strategy,
	{Group: "rbac.authorization.k8s.io", Kind: "RoleBinding"}:        rolebinding.Strategy,
	{Group: "scheduling.k8s.io", Kind: "PriorityClass"}:              priorityclass.Strategy,
	{Group: "storage.k8s.io", Kind: "StorageClass"}:                  storageclass.Strategy,
}

// refusal is a field that create validation refuses. What does not decode has no field.
type refusal struct {
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
}

type judge struct {
	decoder runtime.Decoder
}

func newJudge() judge {
	// Every installer starts the API server with --allow-privileged.
	capabilities.Initialize(capabilities.Capabilities{AllowPrivileged: true})
	// Decodes any served version, sets defaults, and converts to the version that is validated.
	return judge{legacyscheme.Codecs.UniversalDecoder()}
}

// refusals creates an object as the API server does, without admission and without storing it.
func (j judge) refusals(manifest map[string]any) ([]refusal, error) {
	text, err := json.Marshal(manifest)
	if err != nil {
		return nil, err
	}
	object, kind, err := j.decoder.Decode(text, nil, nil)
	if err != nil {
		return []refusal{{Reason: shortened(err.Error())}}, nil
	}
	strategy, ok := strategies[kind.GroupKind()]
	if !ok {
		return nil, fmt.Errorf("no strategy for %s", kind)
	}
	accessor, err := meta.Accessor(object)
	if err != nil {
		return nil, err
	}
	namespace := accessor.GetNamespace()
	if namespace == "" && strategy.NamespaceScoped() {
		namespace = "default"
	}
	rest.FillObjectMetaSystemFields(accessor)
	accessor.SetUID("00000000-0000-4000-8000-000000000000")
	if accessor.GetName() == "" && accessor.GetGenerateName() != "" {
		name := strategy.GenerateName(accessor.GetGenerateName())
		accessor.SetName(name[:len(name)-len(suffix)] + suffix)
	}
	// The storage of Services does so before it validates.
	if it, ok := object.(*core.Service); ok && it.Spec.ClusterIP != "" && len(it.Spec.ClusterIPs) == 0 {
		it.Spec.ClusterIPs = []string{it.Spec.ClusterIP}
	}
	request := &genericrequest.RequestInfo{
		IsResourceRequest: true, Verb: "create", APIGroup: kind.Group, APIVersion: kind.Version, Namespace: namespace,
	}
	ctx := genericrequest.WithNamespace(genericrequest.WithRequestInfo(context.Background(), request), namespace)
	return causes(rest.BeforeCreate(strategy, ctx, object))
}

// causes are the fields of an error, each once.
func causes(err error) ([]refusal, error) {
	if err == nil {
		return nil, nil
	}
	var status *kerrors.StatusError
	if !errors.As(err, &status) || status.ErrStatus.Details == nil || len(status.ErrStatus.Details.Causes) == 0 {
		return []refusal{{Reason: shortened(err.Error())}}, nil
	}
	var found []refusal
	seen := map[refusal]bool{}
	for _, cause := range status.ErrStatus.Details.Causes {
		it := refusal{cause.Field, shortened(cause.Message)}
		// Allocators, which give a Service its addresses and ports, did not run.
		isAllocated := cause.Field == "spec.clusterIPs" || cause.Field == "spec.healthCheckNodePort"
		if seen[it] || isAllocated && it.Reason == "Required value" {
			continue
		}
		seen[it] = true
		found = append(found, it)
	}
	return found, nil
}

// What stands for the characters that the server draws, so that answers do not change from run to run.
const suffix = "abcde"

// The longest reason that is kept.
const longest = 200

func shortened(text string) string {
	if len(text) <= longest {
		return text
	}
	return text[:longest/2] + "…" + text[len(text)-longest/2:]
}
