import org.apache.camel.dsl.jbang.core.commands.CamelJBangMain;

/** What the launcher of the Camel CLI is: the engine has no main method of its own. */
public class Camel {
  public static void main(String[] args) {
    CamelJBangMain.run(args);
  }
}
