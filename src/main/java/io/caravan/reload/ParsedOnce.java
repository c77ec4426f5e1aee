package io.caravan.reload;

import static org.apache.camel.dsl.yaml.common.YamlDeserializerSupport.asText;
import static org.apache.camel.dsl.yaml.common.YamlDeserializerSupport.setDeserializationContext;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.dsl.yaml.common.YamlDeserializationContext;
import org.apache.camel.dsl.yaml.deserializers.BeansDeserializer;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads each route file once, and makes its beans once. Files are composed by a thread of their
 * own, while Camel makes the beans of those before them. Camel's own loader reads all files for
 * their beans, then reads them again for their routes, and makes the beans of all files but the
 * first again.
 */
final class ParsedOnce extends YamlRoutesBuilderLoader {
  private static final String FAULT = "Error pre-parsing resource: ";
  private static final String NAME = "routes-builder-loader-camel.yaml";

  /** The files whose beans are made and whose routes are not, by location. */
  private final Map<String, Parsed> parsed = new HashMap<>();

  /** The files that another thread composes before their turn comes, by location. */
  private final Map<String, FutureTask<Node>> ahead = new LinkedHashMap<>();

  private record Parsed(YamlDeserializationContext context, Node root) {}

  /** Makes it the loader of an application's route files. */
  static final class Installation extends MainListenerSupport {
    @Override
    public void beforeInitialize(BaseMainSupport main) {
      ParsedOnce loader = new ParsedOnce();
      loader.setCamelContext(main.getCamelContext());
      ServiceHelper.startService(loader);
      main.getCamelContext().getRegistry().bind(NAME, loader);
    }
  }

  @Override
  public void preParseRoute(Resource resource) throws Exception {
    String location = resource.getLocation();
    if (getCamelContext().isStarted()) {
      // An edit that fails half way must leave nothing here for the next one.
      super.preParseRoute(resource);
      return;
    }
    if (parsed.containsKey(location) || !resource.exists()) {
      return;
    }
    try {
      Node root = composed(resource);
      if (root != null) {
        YamlDeserializationContext context =
            newYamlDeserializationContext(settings(location), resource);
        parsed.put(location, new Parsed(context, withoutBeans(root, context)));
      }
    } catch (ExecutionException e) {
      throw new RuntimeCamelException(FAULT + location, e.getCause());
    } catch (Exception e) {
      throw new RuntimeCamelException(FAULT + location, e);
    }
  }

  /** Begins to compose the files of a context, in the order in which they are asked for. */
  static void begin(CamelContext context, List<String> locations) {
    ParsedOnce loader = context.getRegistry().lookupByNameAndType(NAME, ParsedOnce.class);
    List<FutureTask<Node>> tasks = new ArrayList<>();
    for (String location : locations) {
      Resource file = PluginHelper.getResourceLoader(context).resolveResource(location);
      FutureTask<Node> task = new FutureTask<>(() -> loader.compose(file));
      loader.ahead.put(location, task);
      tasks.add(task);
    }
    Thread thread = new Thread(() -> tasks.forEach(FutureTask::run), "caravan-routes");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns all of a file; null if it is empty. */
  private Node composed(Resource resource) throws Exception {
    FutureTask<Node> task = ahead.remove(resource.getLocation());
    if (task == null) {
      return compose(resource);
    }
    // If the thread has not come to it yet, this one composes it.
    task.run();
    return task.get();
  }

  private Node compose(Resource resource) throws Exception {
    LoadSettings settings = settings(resource.getLocation());
    try (InputStream in = resourceInputStream(resource)) {
      StreamReader reader = new StreamReader(settings, new YamlUnicodeReader(in));
      return new Composer(settings, new ParserImpl(settings, reader)).getSingleNode().orElse(null);
    }
  }

  private static LoadSettings settings(String location) {
    return LoadSettings.builder().setLabel(location).build();
  }

  @Override
  public RouteBuilder doLoadRouteBuilder(Resource resource) throws Exception {
    Parsed file = parsed.remove(resource.getLocation());
    return file == null ? super.doLoadRouteBuilder(resource) : builder(file.context, file.root);
  }

  /** Makes the beans of a file, and returns what else it has. */
  private Node withoutBeans(Node root, YamlDeserializationContext context) {
    if (!(root instanceof SequenceNode sequence)) {
      return root;
    }
    BeansDeserializer deserializer = new BeansDeserializer();
    List<Node> others = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      Node beans = beansOf(item);
      if (beans == null) {
        others.add(item);
      } else {
        setDeserializationContext(beans, context);
        ((CamelContextCustomizer) deserializer.construct(beans)).configure(getCamelContext());
      }
    }
    return new SequenceNode(root.getTag(), others, sequence.getFlowStyle());
  }

  /** Returns the beans of an item, or null. Camel refuses an item that has a second key. */
  private static Node beansOf(Node item) {
    if (item instanceof MappingNode map && map.getValue().size() == 1) {
      NodeTuple only = map.getValue().get(0);
      return "beans".equals(asText(only.getKeyNode())) ? only.getValueNode() : null;
    }
    return null;
  }
}
