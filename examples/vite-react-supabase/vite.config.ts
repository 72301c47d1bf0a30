import react from "@vitejs/plugin-react";
import schemagen from "schemagen/vite";
import { defineConfig } from "vite";

export default defineConfig({ plugins: [schemagen(), react()] });
