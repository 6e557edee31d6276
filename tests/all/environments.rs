//! Which environments there are: folders that repeat each other, and what Flux and Argo CD deploy.

use crate::common::root;
use edms_lint::config::{Config, EnvironmentSetting, Overrides};
use edms_lint::engine;
use edms_lint::finding::{Report, Severity};
use edms_lint::load::{self, Input, Loaded, Options};
use edms_lint::model::{Environment, Object};
use edms_lint::source::Sources;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// The environments of a project, each with its objects: `Deployment shop/api`.
fn listing(loaded: &Loaded) -> String {
    let mut text = String::new();
    for it in &loaded.environments {
        let mark = if it.is_undeployed { " (not deployed)" } else { "" };
        _ = writeln!(text, "{}{mark}: {}", it.name, it.reason);
        let mut objects: Vec<String> = it
            .objects
            .iter()
            .map(|it| {
                let namespace = it.namespace().map(|it| format!("{it}/")).unwrap_or_default();
                format!("  {} {namespace}{}\n", it.kind(), it.name())
            })
            .collect();
        objects.sort();
        text.extend(objects);
        it.problems.iter().for_each(|it| _ = writeln!(text, "  ! {}", it.message));
        it.remarks.iter().for_each(|it| _ = writeln!(text, "  # {it}"));
    }
    text
}

fn golden(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => root().join("tests/snapshots"), prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

fn project(name: &str) -> Loaded {
    let folder = root().join("fixtures/projects").join(name);
    let config = Config::default();
    let options = Options { config: &config, config_dir: None, working_dir: &folder };
    load::load(&[Input::Path(folder.clone())], Sources::default(), &options)
}

fn report(loaded: &Loaded) -> Report {
    engine::run(&loaded.sources, &loaded.environments, &Config::default())
}

fn named<'l>(loaded: &'l Loaded, name: &str) -> &'l Environment {
    let found = loaded.environments.iter().find(|it| it.name == name);
    found.unwrap_or_else(|| panic!("no environment {name} in\n{}", listing(loaded)))
}

fn of(texts: &[(&str, &str)]) -> Loaded {
    load::from_texts(texts)
}

fn deployment(name: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  replicas: 1\n  \
         selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    \
         spec: {{containers: [{{name: a, image: 'r.example.com/{name}:1'}}]}}\n"
    )
}

fn flux(name: &str, rest: &str) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: \
         flux-system}}\nspec:\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n  {}\n",
        rest.replace('\n', "\n  ")
    )
}

fn application(name: &str, path: &str, server: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}, namespace: argocd}}\nspec:\n  \
         source: {{repoURL: 'https://git.example.com/a/b.git', path: {path}}}\n  destination: {{server: '{server}', \
         namespace: shop}}\n"
    )
}

const HERE: &str = "https://kubernetes.default.svc";

#[test]
fn flux_makes_one_environment_of_a_cluster() {
    let loaded = project("flux");
    golden("environments-flux", &listing(&loaded));
    let api = |name: &str| {
        let environment = named(&loaded, name);
        let api = environment.objects.iter().find(|it| it.is("apps", "Deployment")).expect("there");
        let containers = api.node().items_at(&["spec", "template", "spec", "containers"]);
        let host = containers.flat_map(|it| it.items_at(&["env"])).find_map(|it| it.str_at(&["value"]));
        (api.node().at(&["spec", "replicas"]).map(|it| it.text().to_owned()), host.map(str::to_owned))
    };
    // A literal is filled in; what a ConfigMap of the cluster may say stays unknown.
    let text = |it: &str| Some(it.to_owned());
    assert_eq!(api("clusters/production"), (text("3"), text("shop.example.com")));
    assert_eq!(api("clusters/staging"), (text("${replicas:=1}"), text("shop.staging.example.com")));
}

#[test]
fn argo_cd_makes_one_environment_of_a_destination() {
    golden("environments-argo", &listing(&project("argo")));
}

#[test]
fn what_nothing_deploys_is_a_warning_at_most() {
    for name in ["flux", "argo"] {
        let loaded = project(name);
        let report = report(&loaded);
        let is_off = |name: &str| named(&loaded, name).is_undeployed;
        let own = report.findings.iter().filter(|it| it.environments.iter().all(|it| is_off(it)));
        let own: Vec<Severity> = own.map(|it| it.severity).collect();
        assert!(own.contains(&Severity::Warning) && !own.contains(&Severity::Error), "{name}: {own:?}");
    }
}

#[test]
fn repositories_beside_each_other_do_not_concern_each_other() {
    let folder = root().join("fixtures/projects");
    let config = Config::default();
    let options = Options { config: &config, config_dir: None, working_dir: &folder };
    let loaded = load::load(&[Input::Path(folder.clone())], Sources::default(), &options);
    for it in loaded.environments.iter().filter(|it| it.is_undeployed) {
        assert!(it.name.starts_with("flux/") || it.name.starts_with("argo"), "{}", it.name);
    }
    assert!(loaded.environments.iter().any(|it| it.name == "flux/clusters/production"));
}

#[test]
fn a_cluster_without_bootstrap_is_its_folder() {
    let (apps, db) = (flux("apps", "path: ./apps"), flux("infra", "path: ./infra\ntargetNamespace: infra"));
    let (api, cache) = (deployment("api"), deployment("cache"));
    let loaded = of(&[
        ("apps/deep/api.yaml", &api),
        ("clusters/main/a/apps.yaml", &apps),
        ("clusters/main/b/infra.yaml", &db),
        ("infra/cache.yaml", &cache),
    ]);
    assert_eq!(loaded.environments.len(), 1, "{}", listing(&loaded));
    let environment = named(&loaded, "clusters/main");
    let namespaces: Vec<Option<&str>> =
        environment.objects.iter().filter(|it| it.is("apps", "Deployment")).map(|it| it.namespace()).collect();
    assert_eq!(namespaces, [Some("shop"), Some("infra")]);
}

#[test]
fn fields_of_flux_take_the_place_of_the_folders_own() {
    let fields = "path: ./apps\nnamePrefix: new-\nimages: [{name: r.example.com/api, newTag: '2'}]\npatches:\n- patch: |\n    \
                  - {op: replace, path: /spec/replicas, value: 4}\n  target: {kind: Deployment}";
    let (apps, api) = (flux("apps", fields), deployment("api"));
    let own = "namePrefix: old-\nimages: [{name: r.example.com/api, newName: x.example.com/api, digest: 'sha256:0'}]\n\
               resources: [api.yaml]\n";
    let loaded = of(&[("apps/api.yaml", &api), ("apps/kustomization.yaml", own), ("clusters/main/apps.yaml", &apps)]);
    let objects = &named(&loaded, "clusters/main").objects;
    let api = objects.iter().find(|it| it.is("apps", "Deployment")).expect("deployed");
    assert_eq!((api.name(), api.node().int_at(&["spec", "replicas"])), ("new-api", Some(4)));
    let mut containers = api.node().items_at(&["spec", "template", "spec", "containers"]);
    let image = containers.next().and_then(|it| it.str_at(&["image"]));
    assert_eq!(image, Some("x.example.com/api:2"));
}

#[test]
fn argo_options_are_edits_of_the_folders_kustomization() {
    let mut app = application("api", "apps", HERE);
    app = app.replace("path: apps}", "path: apps, kustomize: {namePrefix: a-, images: ['r.example.com/api=m/api:3'], replicas: [{name: api, count: 5}], commonLabels: {team: x}}}");
    let api = deployment("api").replace(", namespace: shop", "");
    let loaded = of(&[
        ("apps/api.yaml", &api),
        ("apps/kustomization.yaml", "resources: [api.yaml]\n"),
        ("argocd/api.yaml", &app),
    ]);
    let objects = &named(&loaded, "in-cluster").objects;
    let api = objects.iter().find(|it| it.is("apps", "Deployment")).expect("deployed");
    assert_eq!((api.name(), api.namespace()), ("a-api", Some("shop")));
    assert_eq!((api.node().int_at(&["spec", "replicas"]), api.label("team")), (Some(5), Some("x")));
}

#[test]
fn many_applications_are_one_environment() {
    let mut files = Vec::new();
    for at in 0..60 {
        let name = format!("app-{at}");
        files.push((format!("argocd/{name}.yaml"), application(&name, &format!("apps/{name}"), HERE)));
        files.push((format!("apps/{name}/d.yaml"), deployment(&name)));
    }
    let texts: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let loaded = of(&texts);
    assert_eq!(loaded.environments.len(), 1, "{}", listing(&loaded));
    assert_eq!(named(&loaded, "in-cluster").objects.len(), 120);
}

#[test]
fn an_argo_cd_in_each_cluster_makes_an_environment_of_each() {
    let (one, other) = (application("root", "clusters/one", HERE), application("root", "clusters/two", HERE));
    let (api, both) = (application("api", "apps", HERE), application("both", "both", HERE));
    let (deployed, shared) = (deployment("api"), deployment("agent"));
    let loaded = of(&[
        ("apps/api.yaml", &deployed),
        ("bootstrap/both.yaml", &both),
        ("bootstrap/one.yaml", &one),
        ("bootstrap/two.yaml", &other),
        ("both/agent.yaml", &shared),
        ("clusters/one/api.yaml", &api),
        ("clusters/two/api.yaml", &api),
    ]);
    let names: Vec<&str> = loaded.environments.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["bootstrap/one.yaml", "bootstrap/two.yaml"], "{}", listing(&loaded));
    for it in &loaded.environments {
        let deployments = it.objects.iter().filter(|it| it.is("apps", "Deployment")).count();
        assert_eq!(deployments, 2, "{}", listing(&loaded));
    }
}

#[test]
fn the_configuration_overrides_what_is_found() {
    let folder = root().join("fixtures/projects/flux");
    let paths = vec!["apps/production".to_owned(), "infrastructure/configs".to_owned()];
    let (name, overrides) = ("ours".to_owned(), Overrides::default());
    let setting = EnvironmentSetting { name, paths, paths_span: None, overrides, span: None };
    let config = Config { environments: [setting].into(), ..Config::default() };
    let options = Options { config: &config, config_dir: None, working_dir: &folder };
    let loaded = load::load(&[Input::Path(folder.clone())], Sources::default(), &options);
    let kinds = |name: &str| -> Vec<&str> { named(&loaded, name).objects.iter().map(Object::kind).collect() };
    assert!(kinds("ours").contains(&"Schedule") && kinds("ours").contains(&"Deployment"));
    assert!(!kinds("clusters/production").contains(&"Deployment"));
    assert!(!kinds("clusters/staging").contains(&"Schedule"));
    assert!(kinds("clusters/staging").contains(&"Deployment"));
}

/// What the only cluster of these files says of what is wrong.
fn said(texts: &[(&str, &str)]) -> Vec<String> {
    let loaded = of(texts);
    let mut said: Vec<String> = Vec::new();
    for it in &loaded.environments {
        said.extend(it.problems.iter().map(|it| format!("! {}", it.message)));
        said.extend(it.remarks.iter().cloned());
    }
    said
}

#[test]
fn a_path_that_is_not_there_is_told() {
    let (apps, gone) = (flux("apps", "path: ./apps"), flux("gone", "path: ./gone"));
    let api = deployment("api");
    let texts = [
        ("apps/api.yaml", api.as_str()),
        ("clusters/main/apps.yaml", apps.as_str()),
        ("clusters/main/gone.yaml", gone.as_str()),
    ];
    assert_eq!(said(&texts), ["! ./gone: the repository has no such folder, so Kustomization gone deploys nothing"]);
    let loaded = of(&texts);
    let report = report(&loaded);
    let finding = report.findings.iter().find(|it| it.rule == "manifest-syntax").expect("told");
    assert_eq!(loaded.sources.get(finding.span.source).name(), "clusters/main/gone.yaml");
    assert_eq!(loaded.sources.start(finding.span).line, 6);
}

#[test]
fn a_cluster_alone_says_that_the_rest_is_not_read() {
    let folder = root().join("fixtures/projects/flux");
    let config = Config::default();
    let options = Options { config: &config, config_dir: None, working_dir: &folder };
    let load = |path: &str| load::load(&[Input::Path(folder.join(path))], Sources::default(), &options);
    let loaded = load("clusters/production");
    let environment = named(&loaded, "clusters/production");
    assert!(environment.problems.is_empty(), "{}", listing(&loaded));
    let words = "Kustomization apps deploys ./apps/production, of which no file is read here";
    assert!(environment.remarks.iter().any(|it| it.ends_with(words)), "{}", listing(&loaded));
    assert!(environment.unseen.iter().any(|it| it.reason == words));
    // A file that was named is what it is.
    let loaded = load("clusters/production/apps.yaml");
    assert_eq!(loaded.environments[0].name, "clusters/production/apps.yaml");
}

#[test]
fn another_repository_is_named_and_not_followed() {
    let (own, root) = (application("api", "apps", HERE), application("root", "argocd", HERE));
    let other = application("other", "apps", HERE).replace("a/b.git", "else/where.git");
    let api = deployment("api");
    let texts = [
        ("apps/api.yaml", api.as_str()),
        ("argocd/api.yaml", own.as_str()),
        ("argocd/other.yaml", other.as_str()),
        ("root.yaml", root.as_str()),
    ];
    assert_eq!(said(&texts), ["argocd/other.yaml:5: Application other comes from another repository"]);
}

#[test]
fn what_is_not_followed_is_not_taken_for_absent() {
    let (own, root) = (application("api", "apps", HERE), application("root", "argocd", HERE));
    let other = application("other", "apps", HERE).replace("a/b.git", "else/where.git");
    let api = deployment("api").replace("replicas: 1", "replicas: 3");
    let texts = [("apps/api.yaml", api.as_str()), ("argocd/api.yaml", own.as_str()), ("root.yaml", root.as_str())];
    let has_finding = |texts: &[(&str, &str)]| report(&of(texts)).findings.iter().any(|it| it.rule == "pdb-missing");
    assert!(has_finding(&texts));
    // It goes to the same namespace, and may bring the budget.
    let with_other = [texts.as_slice(), &[("argocd/other.yaml", other.as_str())]].concat();
    assert!(!has_finding(&with_other));
    let loaded = of(&with_other);
    let reason = &named(&loaded, "in-cluster").unseen[0].reason;
    assert_eq!(reason, "Application other comes from another repository");
}

#[test]
fn a_service_above_a_kustomization_leads_to_its_pods() {
    let api = deployment("api").replace(", namespace: shop", "");
    let service =
        "apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {selector: {app: api}, ports: [{port: 80}]}\n";
    let texts = [
        ("base/api.yaml", api.as_str()),
        ("base/kustomization.yaml", "resources: [api.yaml]\n"),
        ("overlays/prod/kustomization.yaml", "resources: [../../base]\n"),
        ("service.yaml", service),
    ];
    let services = |texts: &[(&str, &str)]| {
        let loaded = of(texts);
        named(&loaded, "overlays/prod").objects.iter().filter(|it| it.kind() == "Service").count()
    };
    assert_eq!(services(&texts), 1);
    // A Service of its own is enough, and one for other pods is none.
    let own = [("base/kustomization.yaml", "resources: [api.yaml, s.yaml]\n"), ("base/s.yaml", service)];
    assert_eq!(services(&[&texts[..1], &own, &texts[2..]].concat()), 1);
    let other = service.replace("app: api", "app: web");
    assert_eq!(services(&[&texts[..3], &[("service.yaml", other.as_str())]].concat()), 0);
}

#[test]
fn circles_end_and_are_told() {
    let (one, other) =
        (flux("one", "path: ./two\ndependsOn: [{name: two}]"), flux("two", "path: ./one\ndependsOn: [{name: one}]"));
    let waiting = "! Kustomizations wait for each other by dependsOn: one, two, one; none is ever deployed";
    let told = said(&[("one/k.yaml", &one), ("two/k.yaml", &other)]);
    assert!(told.iter().any(|it| it == waiting), "{told:?}");
    assert!(told.iter().any(|it| it.contains("leads back to itself")), "{told:?}");
    let (one, other) = (application("one", "two", HERE), application("two", "one", HERE));
    let told = said(&[("one/k.yaml", &one), ("two/k.yaml", &other)]);
    assert_eq!(told, ["one/k.yaml:5: Application one leads back to itself"]);
}

#[test]
fn an_application_that_deploys_itself_is_no_circle() {
    let (own, app) = (application("root", "argocd", HERE), application("api", "apps", HERE));
    let api = deployment("api");
    assert!(said(&[("apps/a.yaml", &api), ("argocd/api.yaml", &app), ("argocd/root.yaml", &own)]).is_empty());
}

#[test]
fn bases_of_many_clusters_grow_with_their_number() {
    let base: String = (0..20).map(|it| deployment(&format!("app-{it}")) + "---\n").collect();
    let time = |clusters: usize| {
        let mut files = vec![
            ("base/all.yaml".to_owned(), base.clone()),
            ("base/kustomization.yaml".to_owned(), "resources: [all.yaml]\n".to_owned()),
        ];
        for at in 0..clusters {
            files.push((format!("clusters/c{at}/apps.yaml"), flux("apps", &format!("path: ./overlays/c{at}"))));
            let overlay = format!("resources: [../../base]\nnamespace: n{at}\n");
            files.push((format!("overlays/c{at}/kustomization.yaml"), overlay));
        }
        let texts: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        let start = Instant::now();
        let loaded = of(&texts);
        assert_eq!(loaded.environments.len(), clusters);
        start.elapsed()
    };
    let (small, large) = (time(60), time(120));
    assert!(large < small * 4 + Duration::from_millis(500), "{small:?} and {large:?}");
}

#[test]
fn a_repository_that_flux_deploys_from_its_root_is_one_cluster() {
    let source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, namespace: \
                  flux-system}\nspec: {url: 'ssh://git@example.com/shop/fleet'}\n---\n";
    let sync = source.to_owned() + &flux("flux-system", "path: ./");
    let (api, web) = (deployment("api"), deployment("web"));
    let loaded = of(&[("flux-system/gotk-sync.yaml", &sync), ("apps/api.yaml", &api), ("apps/web/web.yaml", &web)]);
    let cluster = named(&loaded, ".");
    let deployments = cluster.objects.iter().filter(|it| it.kind() == "Deployment").count();
    assert_eq!((loaded.environments.len(), deployments), (1, 2), "{}", listing(&loaded));
    assert!(cluster.reason.contains("Flux") && cluster.unseen.is_empty(), "{}: {:?}", cluster.reason, cluster.unseen);
}

#[test]
fn applications_that_only_install_charts_belong_to_what_lies_beside_them() {
    let chart = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: cache, namespace: argocd}\nspec:\n  source: {repoURL: https://charts.bitnami.com/bitnami, chart: redis, targetRevision: 19.1.0}\n  destination: {server: https://kubernetes.default.svc, namespace: shop}\n";
    let api = deployment("api");
    let names =
        |texts: &[(&str, &str)]| -> Vec<String> { of(texts).environments.into_iter().map(|it| it.name).collect() };
    assert_eq!(names(&[("apps/api.yaml", &api), ("argocd/cache.yaml", chart)]), ["."]);
    let elsewhere = chart.replace("https://kubernetes.default.svc", "https://prod.example.com");
    assert_eq!(names(&[("apps/api.yaml", &api), ("argocd/cache.yaml", &elsewhere)]), [".", "in-cluster"]);
    // Beside one that deploys a folder of the repository they are in its cluster.
    let own = application("api", "apps", HERE);
    assert_eq!(
        names(&[("apps/api.yaml", &api), ("argocd/api.yaml", &own), ("argocd/cache.yaml", chart)]),
        ["in-cluster"]
    );
}
