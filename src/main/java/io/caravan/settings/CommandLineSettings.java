package io.caravan.settings;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.DefaultPropertiesParser;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesLookup;

/**
 * The settings of the command line, which come before all others. Camel's own override properties
 * don't: a variable of the environment comes before them.
 */
public final class CommandLineSettings extends DefaultPropertiesParser {
  private final Map<String, String> values;
  private final Map<String, String> options;

  private CommandLineSettings(
      PropertiesComponent properties, Map<String, String> values, Map<String, String> options) {
    super(properties);
    this.values = Map.copyOf(values);
    this.options = Map.copyOf(options);
  }

  /**
   * Gives settings to an application before it reads any.
   *
   * @param values the values by key
   * @param options the options of the command line by key, for messages
   */
  public static void add(
      CamelContext context, Map<String, String> values, Map<String, String> options) {
    if (!values.isEmpty()
        && context.getPropertiesComponent() instanceof PropertiesComponent properties) {
      properties.setPropertiesParser(new CommandLineSettings(properties, values, options));
    }
  }

  /** Returns the option that has set a key, or null. */
  String option(String key) {
    return values.containsKey(key) ? options.get(key) : null;
  }

  @Override
  public String parseProperty(String key, String value, PropertiesLookup properties) {
    return values.getOrDefault(key, value);
  }
}
