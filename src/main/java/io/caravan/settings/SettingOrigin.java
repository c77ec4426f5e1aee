package io.caravan.settings;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.LocationPropertiesSource;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.spi.PropertiesSource;

/** Finds the setting from which a value has come. */
public final class SettingOrigin {
  /** A value that is one placeholder: of a function such as env, or a key, with its default. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\s*\\{\\{[?!]?([^{}]+)}}\\s*");

  private static final String ENVIRONMENT = "env:";
  private static final int DEEPEST = 8;

  private final CamelContext context;

  private SettingOrigin(CamelContext context) {
    this.context = context;
  }

  /** Returns the setting of a key, such as {@code caravan.port}. */
  public static Setting ofKey(CamelContext context, String key) {
    return new SettingOrigin(context).ofKey(key, 0);
  }

  /** Returns the setting of a property of a bean of a route file. */
  public static Setting ofBean(CamelContext context, String bean, String property) {
    BeanFactoryDefinition<?> definition = definition(context, bean);
    Object raw = definition == null ? null : definition.getProperties().get(property);
    if (raw == null) {
      return new Setting(property + " of " + bean, false);
    }
    String place =
        definition.getResource() == null ? bean : shown(definition.getResource().getLocation());
    return new SettingOrigin(context).of(raw.toString(), property + " in " + place, 0);
  }

  private static BeanFactoryDefinition<?> definition(CamelContext context, String bean) {
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    BeanFactoryDefinition<?> found = null;
    // The last one is in force.
    for (BeanFactoryDefinition<?> each : model.getCustomBeans()) {
      if (bean.equals(each.getName()) && each.getProperties() != null) {
        found = each;
      }
    }
    return found;
  }

  private Setting of(String raw, String otherwise, int depth) {
    Matcher placeholder = PLACEHOLDER.matcher(raw);
    if (!placeholder.matches()) {
      return new Setting(otherwise, true);
    }
    String body = placeholder.group(1).strip();
    if (body.startsWith(ENVIRONMENT)) {
      String name = before(body.substring(ENVIRONMENT.length()));
      return new Setting(name, System.getenv(name) != null);
    }
    return ofKey(before(body), depth);
  }

  private Setting ofKey(String key, int depth) {
    String variable = variable(key);
    if (context.getPropertiesComponent() instanceof PropertiesComponent properties
        && properties.getPropertiesParser() instanceof CommandLineSettings line
        && line.option(key) != null) {
      return new Setting(line.option(key), true);
    }
    if (System.getenv(variable) != null) {
      return new Setting(variable, true);
    }
    if (context.getPropertiesComponent() instanceof PropertiesComponent properties
        && properties.getOverrideProperties().containsKey(key)) {
      return new Setting(key, true);
    }
    if (System.getProperty(key) != null) {
      return new Setting("-D" + key, true);
    }
    for (PropertiesSource source : context.getPropertiesComponent().getPropertiesSources()) {
      String value = source.getProperty(key);
      if (value != null) {
        return ofSource(source, key, value, depth);
      }
    }
    return new Setting(key, false);
  }

  private Setting ofSource(PropertiesSource source, String key, String value, int depth) {
    boolean bundled = true;
    String place = key;
    if (source instanceof LocationPropertiesSource located) {
      String location = located.getLocation().toString();
      bundled = location.startsWith("classpath");
      place = bundled ? key : key + " in " + shown(location);
    }
    return depth < DEEPEST && PLACEHOLDER.matcher(value).matches()
        ? of(value, place, depth + 1)
        : new Setting(place, !bundled);
  }

  /** Returns the variable of the environment that overrides a key. */
  static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  private static String before(String body) {
    int colon = body.indexOf(':');
    return colon < 0 ? body : body.substring(0, colon);
  }

  /** Returns a location without its scheme, and relative to the working directory. */
  private static String shown(String location) {
    String path = location.replaceFirst("^(file|classpath):", "").replaceFirst(";.*", "");
    Path here = Path.of("").toAbsolutePath();
    Path file = Path.of(path);
    return file.isAbsolute() && file.startsWith(here) ? here.relativize(file).toString() : path;
  }
}
