package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	autoscaling "k8s.io/api/autoscaling/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	v1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	discovery "k8s.io/client-go/discovery/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	scales "k8s.io/client-go/scale/fake"
	"k8s.io/client-go/testing"
	"k8s.io/kubernetes/pkg/controller/disruption"
)

// patience is how long the controller may take for all environments.
const patience = 5 * time.Minute

// resources of the owners that the controller asks for their scale.
var resources = []struct {
	kind     schema.GroupVersionKind
	plural   string
	hasScale bool
}{
	{schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "DaemonSet"}, "daemonsets", false},
	{schema.GroupVersionKind{Group: "batch", Version: "v1", Kind: "Job"}, "jobs", false},
	{schema.GroupVersionKind{Group: "core.strimzi.io", Version: "v1", Kind: "StrimziPodSet"}, "strimzipodsets", false},
	{schema.GroupVersionKind{Group: "postgresql.cnpg.io", Version: "v1", Kind: "Cluster"}, "clusters", true},
}

// judge runs the disruption controller over all environments, each in namespaces of its own, and writes the
// statuses of the budgets into them.
func judge(environments []*environment) error {
	finished, err := statuses(environments, false)
	if err != nil {
		return err
	}
	running, err := statuses(environments, true)
	if err != nil {
		return err
	}
	for at, it := range environments {
		for _, object := range it.Objects {
			if object["kind"] != "PodDisruptionBudget" {
				continue
			}
			metadata := object["metadata"].(map[string]any)
			namespace, ok := metadata["namespace"].(string)
			if !ok {
				namespace = it.Namespace
			}
			name := metadata["name"].(string)
			id := fmt.Sprintf("e%d-%s/%s", at, namespace, name)
			status := finished[id]
			failed, err := failed(status)
			if err != nil {
				return err
			}
			verdict := verdict{
				Name: name, Allowed: status.DisruptionsAllowed, Expected: status.ExpectedPods,
				Desired: status.DesiredHealthy, Healthy: status.CurrentHealthy, Failed: failed,
			}
			if allowed := running[id].DisruptionsAllowed; allowed != verdict.Allowed {
				verdict.Running = &allowed
			}
			it.Budgets = append(it.Budgets, verdict)
		}
	}
	return nil
}

// statuses are those of all budgets, while Jobs run or after they have.
func statuses(environments []*environment, running bool) (map[string]policy.PodDisruptionBudgetStatus, error) {
	known := map[string]scale{}
	var objects []runtime.Object
	budgets := 0
	for at, it := range environments {
		cluster, err := build(at, it, known, running)
		if err != nil {
			return nil, err
		}
		objects = append(objects, cluster.objects...)
		for _, object := range cluster.objects {
			if _, is := object.(*policy.PodDisruptionBudget); is {
				budgets++
			}
		}
	}
	return control(objects, known, budgets)
}

// failed is whether a budget could not be computed. Which of several owners without a scale the controller
// names changes from run to run.
func failed(status policy.PodDisruptionBudgetStatus) (bool, error) {
	condition := meta.FindStatusCondition(status.Conditions, policy.DisruptionAllowedCondition)
	if condition == nil || condition.Reason != policy.SyncFailedReason {
		return false, nil
	}
	if !strings.HasSuffix(condition.Message, "does not implement the scale subresource") {
		return true, fmt.Errorf("a budget failed for another reason: %s", condition.Message)
	}
	return true, nil
}

// control runs the controller until it has given every budget a status.
func control(objects []runtime.Object, known map[string]scale, budgets int) (map[string]policy.PodDisruptionBudgetStatus, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client := fake.NewClientset(objects...)
	factory := informers.NewSharedInformerFactory(client, 0)
	mapper := meta.NewDefaultRESTMapper(nil)
	served := &discovery.FakeDiscovery{Fake: &testing.Fake{}}
	for _, it := range resources {
		mapper.AddSpecific(it.kind, it.kind.GroupVersion().WithResource(it.plural),
			it.kind.GroupVersion().WithResource(strings.ToLower(it.kind.Kind)), meta.RESTScopeNamespace)
		list := []v1.APIResource{{Name: it.plural}}
		if it.hasScale {
			list = append(list, v1.APIResource{Name: it.plural + "/scale", Group: "autoscaling", Version: "v1", Kind: "Scale"})
		}
		served.Resources = append(served.Resources,
			&v1.APIResourceList{GroupVersion: it.kind.GroupVersion().String(), APIResources: list})
	}
	controller := disruption.NewDisruptionController(ctx,
		factory.Core().V1().Pods(), factory.Policy().V1().PodDisruptionBudgets(),
		factory.Core().V1().ReplicationControllers(), factory.Apps().V1().ReplicaSets(),
		factory.Apps().V1().Deployments(), factory.Apps().V1().StatefulSets(),
		client, mapper, scaleClient(known), served)
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	go controller.Run(ctx)
	for {
		list, err := client.PolicyV1().PodDisruptionBudgets("").List(ctx, v1.ListOptions{})
		if err != nil {
			return nil, err
		}
		statuses := map[string]policy.PodDisruptionBudgetStatus{}
		for _, it := range list.Items {
			if len(it.Status.Conditions) > 0 {
				statuses[it.Namespace+"/"+it.Name] = it.Status
			}
		}
		if len(statuses) == budgets {
			return statuses, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%d of %d budgets have a status: %w", len(statuses), budgets, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// scaleClient answers for the resources outside apps that have a scale.
func scaleClient(known map[string]scale) *scales.FakeScaleClient {
	client := &scales.FakeScaleClient{}
	client.AddReactor("get", "*", func(action testing.Action) (bool, runtime.Object, error) {
		get := action.(testing.GetAction)
		resource := get.GetResource()
		it, found := known[key(get.GetNamespace(), resource.Resource, get.GetName())]
		if !found {
			return true, nil, errors.NewNotFound(resource.GroupResource(), get.GetName())
		}
		made := &autoscaling.Scale{ObjectMeta: v1.ObjectMeta{Name: get.GetName(), UID: it.uid}}
		made.Spec.Replicas = it.replicas
		return true, made, nil
	})
	return client
}
