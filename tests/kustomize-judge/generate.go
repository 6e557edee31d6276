package main

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// generator draws one case.
type generator struct {
	*rand.Rand
	root  string
	files map[string]string
	// isSpoilt holds where kustomize is meant to refuse it.
	isSpoilt bool
}

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

// stacks are kinds that people deploy together: the first is always there, the others at times.
var stacks = [][]string{
	{"Deployment", "Service", "ConfigMap", "Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget"},
	{"Deployment", "Service", "Secret", "ServiceAccount", "NetworkPolicy", "PodDisruptionBudget"},
	{"Deployment", "ConfigMap", "Secret", "PersistentVolumeClaim", "ScaledObject"},
	{"StatefulSet", "Service", "Secret", "PodDisruptionBudget", "StorageClass"},
	{"StatefulSet", "Service", "ServiceMonitor", "PrometheusRule"},
	{"DaemonSet", "ServiceAccount", "RoleBinding", "Role", "ConfigMap", "ClusterRoleBinding"},
	{"CronJob", "ConfigMap", "Secret", "ServiceAccount"},
	{"Job", "Secret", "Pod", "PersistentVolumeClaim"},
	{"Kafka", "KafkaNodePool", "ServiceMonitor"},
	{"Cluster", "Secret", "StorageClass", "PodDisruptionBudget"},
	{"Rollout", "Service", "ConfigMap", "HorizontalPodAutoscaler"},
	{"Namespace", "Deployment", "Service", "RoleBinding", "ServiceAccount"},
	{"CustomResourceDefinition", "Deployment", "Service", "ValidatingWebhookConfiguration", "ServiceAccount", "ClusterRoleBinding"},
	{"PriorityClass", "StatefulSet", "Service", "ConfigMap"},
}

var apps = []string{"api", "web", "orders", "billing", "cache", "db", "collector"}

// generate draws a case: bases, overlays over them, at times a component, and in some something that kustomize
// refuses.
func generate(random *rand.Rand) *generator {
	g := &generator{Rand: random, files: map[string]string{}}
	app := pick(g, apps)
	top := g.layout(app)
	if g.IntN(9) == 0 {
		g.isSpoilt = true
		pick(g, refusals)(top)
	}
	g.root = top.dir
	top.finish()
	return g
}

// layout draws the kustomizations of a case, and returns the last, which is not yet written.
func (g *generator) layout(app string) *kustomization {
	switch g.IntN(11) {
	case 0, 1:
		return g.base(pick(g, []string{"", "deploy"}), app).apply(2 + g.IntN(3))
	case 2, 3, 4:
		base := g.base("base", app).apply(g.IntN(2)).finish()
		return g.overlay("overlays/prod", base).apply(2 + g.IntN(3))
	case 5:
		base := g.base("base", app).apply(1).finish()
		common := g.overlay("overlays/common", base).apply(1 + g.IntN(2)).finish()
		return g.overlay("overlays/prod", common).apply(1 + g.IntN(3))
	case 6:
		one := g.base("apps/one", app).apply(1).finish()
		other := g.base("apps/two", app+"-"+pick(g, apps)).apply(1).finish()
		return g.overlay("cluster", one, other).apply(1 + g.IntN(3))
	case 7, 8:
		base := g.base("base", app).apply(g.IntN(2)).finish()
		component := g.kustomization("components/extra")
		component.isComponent, component.objects = true, slices.Clone(base.objects)
		component.prefix, component.suffix = base.value("namePrefix"), base.value("nameSuffix")
		if g.IntN(2) == 0 {
			component.manifest("ConfigMap", app+"-extra")
		}
		component.apply(1 + g.IntN(2)).finish()
		top := g.overlay("overlays/prod", base)
		top.add("components", top.to(component.dir))
		return top.apply(1 + g.IntN(2))
	case 9:
		// Two variants of one base side by side.
		base := g.base("base", app).apply(g.IntN(2)).finish()
		blue, green := g.overlay("variants/blue", base), g.overlay("variants/green", base)
		if g.IntN(2) == 0 {
			blue.set("namePrefix", "blue-")
			green.set("nameSuffix", "-green")
		} else {
			blue.set("namespace", "blue")
			green.set("namespace", "green")
		}
		return g.overlay("cluster", blue.apply(1).finish(), green.apply(1).finish()).apply(1 + g.IntN(2))
	default:
		// The overlay deploys objects of its own, too.
		base := g.base("envs/base", app).apply(1).finish()
		top := g.overlay("envs/prod", base)
		top.manifest(pick(g, []string{"ConfigMap", "ServiceMonitor", "PodDisruptionBudget", "NetworkPolicy"}), app+"-extra")
		return top.apply(1 + g.IntN(3))
	}
}

// base draws a kustomization of manifests.
func (g *generator) base(dir, app string) *kustomization {
	k := g.kustomization(dir)
	stack := pick(g, stacks)
	wanted := []*object{g.write(stack[0], app)}
	for _, it := range stack[1:] {
		if g.IntN(5) < 2 {
			wanted = append(wanted, g.write(it, app))
		}
	}
	switch g.IntN(8) {
	case 0:
		// All in one file.
		var texts []string
		for _, it := range wanted {
			texts = append(texts, it.text)
		}
		k.add("resources", k.file("all.yaml", strings.Join(texts, "---\n")))
		k.objects = append(k.objects, wanted...)
	case 1:
		list := "apiVersion: v1\nkind: List\nitems:\n"
		for _, it := range wanted {
			list += "  - " + strings.TrimPrefix(indented(it.text, "    "), "    ")
		}
		k.add("resources", k.file("list.yaml", list))
		k.objects = append(k.objects, wanted...)
	default:
		for _, it := range wanted {
			k.deploy(it)
		}
	}
	return k
}

// overlay draws a kustomization over others.
func (g *generator) overlay(dir string, bases ...*kustomization) *kustomization {
	k := g.kustomization(dir)
	field := "resources"
	if g.IntN(12) == 0 {
		field = "bases"
	}
	for _, it := range bases {
		k.prefix, k.suffix = it.value("namePrefix")+it.prefix, it.suffix+it.value("nameSuffix")
		k.add(field, k.to(it.dir))
		k.objects = append(k.objects, it.objects...)
	}
	return k
}

// manifest adds an object of a kind.
func (k *kustomization) manifest(kind, app string) { k.deploy(k.write(kind, app)) }

// deploy adds an object in a file of its own.
func (k *kustomization) deploy(it *object) {
	k.objects = append(k.objects, it)
	text := it.text
	if k.IntN(20) == 0 {
		// An editor may leave the last line without an end.
		text = strings.TrimSuffix(text, "\n")
	}
	k.add("resources", k.file(strings.ToLower(it.Kind)+".yaml", text))
}

// form is a thing that kustomizations do, and how often compared with others.
type form struct {
	weight int
	apply  func(k *kustomization)
}

var forms = []form{
	{6, (*kustomization).affix},
	{6, (*kustomization).moved},
	{7, (*kustomization).labelled},
	{4, (*kustomization).commonLabels},
	{4, (*kustomization).annotated},
	{6, (*kustomization).images},
	{4, (*kustomization).replicas},
	{10, (*kustomization).strategicPatch},
	{10, (*kustomization).jsonPatch},
	{4, (*kustomization).oldStrategicPatch},
	{3, (*kustomization).oldJSONPatch},
	{3, (*kustomization).patchOfMany},
	{3, (*kustomization).deletingPatch},
	{7, (*kustomization).configMaps},
	{4, (*kustomization).secrets},
	{2, (*kustomization).generatorOptions},
	{7, (*kustomization).replaced},
	{5, (*kustomization).transformers},
	{3, (*kustomization).configurations},
	{2, (*kustomization).openAPI},
	{4, (*kustomization).variables},
	{1, (*kustomization).crds},
	{1, (*kustomization).metadata},
}

// apply adds some forms that fit the objects.
func (k *kustomization) apply(number int) *kustomization {
	sum := 0
	for _, it := range forms {
		sum += it.weight
	}
	for tries := 0; number > 0 && tries < 20; tries++ {
		at, before := k.IntN(sum), k.text()
		for _, it := range forms {
			if at -= it.weight; at < 0 {
				it.apply(k)
				break
			}
		}
		if k.text() != before {
			number--
		}
	}
	return k
}

// target is an object of one of these kinds, or of any.
func (k *kustomization) target(of ...string) *object {
	return k.that(func(it *object) bool { return len(of) == 0 || slices.Contains(of, it.Kind) })
}

// that is an object that fits, or nil.
func (k *kustomization) that(fits func(*object) bool) *object {
	var fitting []*object
	for _, it := range k.objects {
		if fits(it) {
			fitting = append(fitting, it)
		}
	}
	if len(fitting) == 0 {
		return nil
	}
	return pick(k.generator, fitting)
}
