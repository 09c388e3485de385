// Opens evidence that is folded after its first lines.

interface Props {
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

export const More = ({ isOpen, toggle }: Props) => (
  <button type="button" class="plain more" aria-expanded={isOpen} onClick={toggle}>
    {isOpen ? 'Less evidence' : 'All evidence'}
  </button>
);
