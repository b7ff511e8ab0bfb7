import { render } from "preact";
import "../../static/tokens.css";
import "./kiosk.css";
import { Kiosk } from "./kiosk";

render(<Kiosk />, document.getElementById("root")!);
