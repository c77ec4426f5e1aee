package io.caravan.settings;

/**
 * A setting by the name under which its user knows it: a variable of the environment, an option of
 * the command line, a key of application.properties, or a property of a route file.
 *
 * @param isSet whether the user has set it; false if its default is in force
 */
public record Setting(String name, boolean isSet) {
  /** Returns the name as it stands in brackets behind a value. */
  public String inBrackets() {
    return "(" + (isSet ? name : "the default; " + name + " sets another") + ")";
  }
}
