// Tomcat PORT KEEP_ALIVE_MS FOLDER: embedded Tomcat with that keepAliveTimeout, its files in that folder.

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

public class Tomcat {
  public static void main(String[] args) throws Exception {
    var tomcat = new org.apache.catalina.startup.Tomcat();
    tomcat.setBaseDir(args[2]);
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(Integer.parseInt(args[0]));
    var connector = tomcat.getConnector();
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("keepAliveTimeout", args[1]);
    var context = tomcat.addContext("", null);
    org.apache.catalina.startup.Tomcat.addServlet(
        context,
        "ok",
        new HttpServlet() {
          @Override
          protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print("ok\n");
          }
        });
    context.addServletMappingDecoded("/", "ok");
    tomcat.start();
    tomcat.getServer().await();
  }
}
