/** Where the page begins. */
import "@fontsource-variable/ibm-plex-sans/wdth.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/floating.css";
import "./styles/bar.css";
import "./styles/desk.css";
import "./styles/banners.css";
import "./styles/connection.css";
import "./styles/tables.css";
import "./styles/columns.css";
import "./styles/marks.css";
import "./styles/orders.css";
import "./styles/story.css";
import "./styles/statement.css";
import "./styles/curve.css";
import "./styles/groups.css";
import "./styles/watchlist.css";
import "./styles/cards.css";
import "./styles/middle.css";
import "./styles/narrow.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { wearPreferences } from "./ui/usePreference";

wearPreferences();
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root element.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
