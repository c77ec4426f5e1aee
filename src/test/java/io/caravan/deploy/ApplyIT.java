package io.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.NeedsProgram;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that a Kubernetes API server accepts all objects of {@code deploy/}, and that their
 * references and selectors match.
 */
@NeedsProgram("kubectl")
class ApplyIT {
  /** A reference to the logger: without one its level would be lost with it. */
  private static final Logger EVERY_REQUEST = Logger.getLogger(MockWebServer.class.getName());

  private KubernetesMockServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() {
    EVERY_REQUEST.setLevel(Level.WARNING);
    Map<ServerRequest, Queue<ServerResponse>> none = new HashMap<>();
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), none, new KubernetesMixedDispatcher(none), false);
    server.init();
    client = server.createClient();
    server.expectCustomResource(custom("Integration", "integrations"));
    server.expectCustomResource(custom("Kamelet", "kamelets"));
  }

  @AfterEach
  void stop() {
    client.close();
    server.destroy();
  }

  private static CustomResourceDefinitionContext custom(String kind, String plural) {
    return new CustomResourceDefinitionContext.Builder()
        .withGroup("camel.apache.org")
        .withVersion("v1")
        .withKind(kind)
        .withPlural(plural)
        .withScope("Namespaced")
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "camel-k", "camel-k-git"})
  void everyObjectIsTakenAndReadBackAsItWasSent(String variant) throws Exception {
    List<HasMetadata> sent = apply(variant);

    for (HasMetadata object : sent) {
      HasMetadata read = client.resource(object).inNamespace("gateway").get();
      assertThat(read).as("%s %s", object.getKind(), object.getMetadata().getName()).isNotNull();
      // Fields that the server adds itself are ignored.
      object.setMetadata(read.getMetadata());
      assertThat(read).isEqualTo(object);
    }
  }

  /**
   * One selector that matches no pod leaves a Service without endpoints, or a policy without
   * effect.
   */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "camel-k", "camel-k-git"})
  void serviceBudgetAndPolicySelectThePods(String variant) throws Exception {
    List<HasMetadata> objects = apply(variant);

    Map<String, String> labels = podLabels(objects);
    assertThat(labels)
        .containsAllEntriesOf(one(objects, Service.class).getSpec().getSelector())
        .containsAllEntriesOf(
            one(objects, PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels())
        .containsAllEntriesOf(
            one(objects, NetworkPolicy.class).getSpec().getPodSelector().getMatchLabels());
  }

  @ParameterizedTest
  @CsvSource({"plain,Deployment", "camel-k,Integration", "camel-k-git,Integration"})
  void theAutoscalerScalesWhatThereIs(String variant, String kind) throws Exception {
    List<HasMetadata> objects = apply(variant);

    var target = one(objects, HorizontalPodAutoscaler.class).getSpec().getScaleTargetRef();
    assertThat(target.getKind()).isEqualTo(kind);
    assertThat(objects)
        .anySatisfy(
            object -> {
              assertThat(object.getKind()).isEqualTo(target.getKind());
              assertThat(object.getApiVersion()).isEqualTo(target.getApiVersion());
              assertThat(object.getMetadata().getName()).isEqualTo(target.getName());
            });
  }

  private List<HasMetadata> apply(String variant) throws Exception {
    byte[] yaml = Kustomized.yaml(variant).getBytes(StandardCharsets.UTF_8);
    List<HasMetadata> objects = client.load(new ByteArrayInputStream(yaml)).items();
    for (HasMetadata object : objects) {
      client.resource(object).inNamespace("gateway").create();
    }
    return objects;
  }

  /**
   * Returns the labels of the Deployment's template, or those of the Integration that its owner
   * trait passes on.
   */
  private static Map<String, String> podLabels(List<HasMetadata> objects) {
    for (HasMetadata object : objects) {
      if (object instanceof Deployment deployment) {
        return deployment.getSpec().getTemplate().getMetadata().getLabels();
      }
      if (object instanceof GenericKubernetesResource custom && isIntegration(custom)) {
        List<?> handedOn = custom.get("spec", "traits", "owner", "targetLabels");
        Map<String, String> labels = custom.getMetadata().getLabels();
        labels.keySet().retainAll(handedOn);
        return labels;
      }
    }
    throw new AssertionError("nothing there makes pods");
  }

  private static boolean isIntegration(GenericKubernetesResource custom) {
    return custom.getKind().equals("Integration");
  }

  private static <T extends HasMetadata> T one(List<HasMetadata> objects, Class<T> type) {
    List<T> found = objects.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
