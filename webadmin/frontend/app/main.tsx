import { render } from "preact";
import "../../static/tokens.css";
import "./app.css";
import { App } from "./app";

render(<App station={location.pathname.startsWith("/station")} />, document.getElementById("root")!);
