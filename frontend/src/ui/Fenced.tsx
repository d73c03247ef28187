/** A fence around a panel: what fails inside is said in its place, and the rest of the desk goes on. */
import { Component, type ErrorInfo, type ReactNode } from "react";

type FencedProps = { name: string; className: string; children: ReactNode };

export class Fenced extends Component<FencedProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    console.error(`${this.props.name} failed:`, error, componentStack);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <section className={`panel ${this.props.className}`} aria-label={this.props.name} role="alert">
        <p className="empty">
          {this.props.name} met something it cannot show. The rest of the desk is not affected.{" "}
          <button type="button" className="link" onClick={() => this.setState({ failed: false })}>
            Try again
          </button>
        </p>
      </section>
    );
  }
}
