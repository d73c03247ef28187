/** What an opened order tells: its timeline, its fills, its terms and fees, and the orders it hangs together with. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Order, OrderDetail, OrderEvent } from "../../domain/book";
import { DASH, MONEY, PRICE } from "../../domain/format";
import { eventOwner, eventText, filledInAll, filledLeg, orderFacts } from "../../domain/orderStory";
import { humanWord, isFrame, orderInWords, orderNames, sideText } from "../../domain/orderWords";
import { reasonFor } from "../../domain/provenance";
import { clockTime, dayName, isSameDay, stamp } from "../../domain/time";
import { isLive } from "../../live/status";
import { useLiveStatus } from "../../queries/live";
import { orderQuery } from "../../queries/orders";
import { Amount, FigureText } from "../../ui/Amount";
import { Units } from "./parts";

type OrderStoryProps = { order: Order };

export function OrderStory({ order }: OrderStoryProps): ReactNode {
  const { data, dataUpdatedAt, isError, isFetching, refetch } = useQuery(orderQuery(order, isLive(useLiveStatus())));
  if (data === undefined) {
    return isError && !isFetching ? (
      <p className="story-note">
        The story of this order could not be read.{" "}
        <button type="button" className="link" onClick={() => void refetch()}>
          Ask again
        </button>
      </p>
    ) : (
      <p className="story-note">Reading the story of this order…</p>
    );
  }
  return (
    <div className="story">
      {isError && <p className="story-note story-old">Not read anew since {stamp(new Date(dataUpdatedAt).toISOString())}; this is what was known then.</p>}
      <Timeline detail={data} />
      <Fills detail={data} />
      <Terms detail={data} />
    </div>
  );
}

function Timeline({ detail }: { detail: OrderDetail }): ReactNode {
  return (
    <section>
      <h3>Timeline</h3>
      {detail.timeline.length === 0 && <p className="faint">Nothing was told of it so far.</p>}
      <ol className="timeline">
        {detail.timeline.map((event, index) => (
          <Moment key={index} event={event} before={detail.timeline[index - 1]} detail={detail} />
        ))}
      </ol>
    </section>
  );
}

type MomentProps = { event: OrderEvent; before: OrderEvent | undefined; detail: OrderDetail };

function Moment({ event, before, detail }: MomentProps): ReactNode {
  const owner = eventOwner(event, detail);
  const leg = filledLeg(event, detail);
  const newDay = before === undefined || !isSameDay(before.at, event.at);
  return (
    <li className={`moment moment-${event.kind}`}>
      <span className="num moment-time" data-tip={stamp(event.at)}>
        {newDay && <span className="moment-day">{dayName(event.at)}</span>}
        {clockTime(event.at)}
      </span>
      <span>
        {eventText(event)}
        {event.quantity !== null && event.price !== null && (
          <span className="num">
            {" "}
            <Units value={event.quantity} /> at <FigureText value={event.price} shape={PRICE} />
          </span>
        )}
        {leg !== "" && ` ${leg}`}
        {owner !== "" && <span className="faint"> · {owner}</span>}
        {event.noticed && (
          <span className="faint" data-tip="Schwab tells no time for this. It happened between this moment and the reading before.">
            {" "}
            · noticed
          </span>
        )}
      </span>
    </li>
  );
}

function Fills({ detail }: { detail: OrderDetail }): ReactNode {
  const { fills, order } = detail;
  const legs = orderNames(order).length > 1;
  return (
    <section>
      <h3>
        Fills <span className="num faint">{fills.length}</span>
      </h3>
      {fills.length === 0 && <p className="faint">{order.status_group === "working" ? "None so far." : "None."}</p>}
      {fills.length > 0 && (
        <table className="fills">
          <tbody>
            {fills.map((fill, index) => (
              <tr key={index}>
                <td className="num faint" data-tip={fill.filled_at === null ? "Schwab told no time." : stamp(fill.filled_at)}>
                  {fill.filled_at === null ? DASH : clockTime(fill.filled_at)}
                </td>
                {legs && <td>{fill.symbol}</td>}
                <td>{sideText(fill.side)}</td>
                <td className="number">
                  <Units value={fill.quantity} />
                </td>
                <td className="number">
                  <FigureText value={fill.price} shape={PRICE} />
                </td>
              </tr>
            ))}
          </tbody>
          {fills.length > 1 && order.avg_fill_price !== null && (
            <tfoot>
              <tr>
                <td colSpan={legs ? 3 : 2}>Average</td>
                <td className="number">
                  <Units value={filledInAll(detail)} />
                </td>
                <td className="number">
                  <FigureText value={order.avg_fill_price} shape={PRICE} />
                </td>
              </tr>
            </tfoot>
          )}
        </table>
      )}
    </section>
  );
}

function Terms({ detail: { order, parent, children } }: { detail: OrderDetail }): ReactNode {
  return (
    <section>
      <h3>Terms</h3>
      <dl className="terms">
        {!isFrame(order) && (
          <div>
            <dt>Fees</dt>
            <dd>
              <Amount value={order.fees} shape={MONEY} reason={reasonFor(order.missing, "fees")} />
            </dd>
          </div>
        )}
        {orderFacts(order).map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
        {order.cancel_at !== null && (
          <div>
            <dt>Ends by itself</dt>
            <dd className="num">{stamp(order.cancel_at)}</dd>
          </div>
        )}
        {parent !== null && <Relative name="Belongs to" order={parent} />}
        {children.map((child) => (
          <Relative key={child.id} name={child.parent_id === order.id ? "Then" : "and"} order={child} />
        ))}
      </dl>
    </section>
  );
}

function Relative({ name, order }: { name: string; order: Order }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {orderInWords(order)} <span className="faint">{humanWord(order.status)}</span>
      </dd>
    </div>
  );
}
